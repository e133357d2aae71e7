/** The popup's paper section: state, title, authors, editor and buttons. */
import { onMessage } from "../browser.js";
import { counted, day, h, redraw } from "../dom.js";
import { icon } from "../icons.js";
import { request } from "../messages.js";
import { createEditor } from "../panel/editor.js";
import { stateLine } from "./state_line.js";

/** @typedef {import("../types.js").ClipFacts} ClipFacts */
/** @typedef {import("../types.js").PaperSummary} PaperSummary */
/** @typedef {import("../types.js").PaperView} PaperView */

const SHOWN_AUTHORS = 3;

/**
 * Shows a paper and keeps it up to date.
 * @param {HTMLElement} main
 * @param {PaperSummary} paper
 * @param {ClipFacts | null} facts  the facts to clip, or null if the paper is not on the open page
 */
export async function showPaper(main, paper, facts) {
  const { key } = paper;
  const section = new PaperSection(main, paper, facts);
  onMessage((message) => {
    if (message?.type === "papers-changed" && message.views[key]) section.show(message.views[key]);
    return undefined;
  });
  const seen = [{ key, upvotes: null, comments: null }];
  const views = await request({ type: "lookup", seen, page: null, day: "" });
  section.show(views[key]);
  section.show(await request({ type: "open-note", key }));
  if (facts) section.focusClipButton();
}

class PaperSection {
  #top = h("div");
  #foot = h("footer", { class: "pop-foot" });

  /** @param {HTMLElement} main @param {PaperSummary} paper @param {ClipFacts | null} facts */
  constructor(main, paper, facts) {
    this.facts = facts;
    this.editor = createEditor(paper.key, { withStatus: true });
    this.editorSection = h("div", { class: "pop-section" }, this.editor.root);
    const label = facts ? [] : [lastClippedLabel()];
    main.replaceChildren(...label, this.#top, paperDetails(paper), this.editorSection, this.#foot);
  }

  /** @param {PaperView} view */
  show(view) {
    redraw(this.#top, paperState(view));
    redraw(this.#foot, ...buttonsFor(view, this.facts));
    this.editorSection.hidden = view.state === "clip" || isRefused(view);
    this.editor.show(view);
  }

  focusClipButton() {
    this.#foot.querySelector("#clip")?.focus();
  }
}

/** @param {PaperView} view @returns {boolean} */
const isRefused = ({ state, fix_in_options }) => state === "failed" && !fix_in_options;

const lastClippedLabel = () =>
  h("p", { class: "pop-label", id: "last-clipped" }, "Last clipped, not on this page");

/** @param {PaperSummary} paper @returns {HTMLElement} */
function paperDetails(paper) {
  const title = paper.title ? h("h2", { class: "pop-title" }, paper.title) : null;
  const id = h("span", { class: "mono" }, paper.key.replace("arxiv:", ""));
  const date = paper.published ? ` · ${day(paper.published)}` : "";
  const byline = h("p", { class: "pop-byline" }, authorsText(paper), h("br"), id, date);
  return h("div", { class: "pop-paper" }, title, byline);
}

/** @param {PaperSummary} paper @returns {string} */
function authorsText({ authors, author_count }) {
  const all = Math.max(author_count ?? 0, authors.length);
  if (!authors.length) return all ? counted(all, "author") : "";
  const more = all - Math.min(authors.length, SHOWN_AUTHORS);
  const names = authors.slice(0, SHOWN_AUTHORS).join(", ");
  return more ? `${names} and ${more} more` : names;
}

/** @param {PaperView} view @returns {HTMLElement} */
function paperState(view) {
  if (view.in_trash) return stateLine("clip", "", "In the trash.", "Kept for 30 days.");
  return STATES[view.state](view);
}

/** @type {Record<PaperView["state"], (view: PaperView) => HTMLElement>} */
const STATES = {
  clip: () => stateLine("clip", "", "Not saved yet."),
  saving: () => stateLine("clip-saving", "", "Saving."),
  saved: (view) => stateLine("clip-saved", "is-done", "In your library", savedText(view)),
  waiting: ({ fix_in_options, message }) =>
    stateLine(
      "clip-queued",
      "is-waiting",
      "Waiting.",
      fix_in_options ? `${message}.` : "The server is not responding. Kept in this browser.",
    ),
  failed: ({ message }) => stateLine("clip-failed", "is-failed", "Not saved.", message),
};

/**
 * @param {PaperView} view
 * @returns {string} the date the paper was clipped, and its note count
 */
function savedText({ clipped_at, notes, message }) {
  const since = clipped_at ? `since ${day(clipped_at)}` : "";
  const count = notes ? `, ${counted(notes, "note")}` : "";
  return `${since}${count}.${message ? ` ${message}.` : ""}`;
}

/** @param {PaperView} view @param {ClipFacts | null} facts @returns {HTMLElement[]} */
function buttonsFor(view, facts) {
  if (view.in_trash) return [undoButton(view.key)];
  if (view.state === "clip") return facts ? [clipButton(view.key, facts)] : [];
  if (view.fix_in_options) return [connectButton()];
  const remove = removeButton(view);
  return view.page_url ? [libraryLink(view.page_url), remove] : [remove];
}

/** @param {string} key */
const undoButton = (key) =>
  h(
    "button",
    { class: "btn", type: "button", id: "undo", click: () => request({ type: "restore", key }) },
    "Undo",
  );

/** @param {string} key @param {ClipFacts} facts */
function clipButton(key, facts) {
  const click = () => request({ type: "clip", key, facts });
  const attributes = { class: "btn btn-first", type: "button", id: "clip", click };
  return h("button", attributes, icon("clip"), "Clip");
}

/** @param {PaperView} view */
function removeButton(view) {
  const click = () => request({ type: "remove", key: view.key });
  const text = isRefused(view) ? "Discard" : "Remove";
  return h("button", { class: "btn btn-bare", type: "button", id: "remove", click }, text);
}

/** @param {string} href */
const libraryLink = (href) =>
  h("a", { class: "btn btn-first", id: "open-paper", href, target: "_blank" }, "Open in library");

/** @returns {HTMLElement} a button that opens the options page */
export function connectButton() {
  const click = () => request({ type: "open-options" });
  return h("button", { class: "btn btn-first", type: "button", id: "connect", click }, "Connect");
}
