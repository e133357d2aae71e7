/** The popup: the paper of the open page, else the one clipped last, and what waits. It remembers nothing itself. */
import { CLIPPABLE_PAGES, activeTab, sendToTab, onMessage } from "../browser.js";
import { counted, day, h, redraw } from "../dom.js";
import { createEditor } from "../panel/editor.js";
import { icon } from "../icons.js";
import { request } from "../messages.js";
import { drawOutbox } from "./outbox_list.js";

/** @typedef {import("../types.js").PaperView} PaperView */
/** @typedef {import("../types.js").PaperSummary} PaperSummary */

const main = /** @type {HTMLElement} */ (document.getElementById("paper"));
const library = /** @type {HTMLAnchorElement} */ (document.getElementById("library"));

/** @param {string} name @param {string} kind @param {string} strong @param {string} [rest] @returns {HTMLElement} */
const stateLine = (name, kind, strong, rest = "") =>
  h(
    "div",
    { class: `pop-head ${kind}`, id: "state", role: "status" },
    icon(name),
    h("p", {}, h("b", {}, strong), rest ? ` ${rest}` : ""),
  );

/** @param {PaperSummary} paper @returns {string} */
function byline({ authors, author_count }) {
  const all = Math.max(author_count ?? 0, authors.length);
  if (!authors.length) return all ? counted(all, "author") : "";
  const more = all - Math.min(authors.length, 3);
  return authors.slice(0, 3).join(", ") + (more ? ` and ${more} more` : "");
}

/** @param {PaperSummary} paper @returns {HTMLElement} */
function paperSheet(paper) {
  const id = h("span", { class: "mono" }, paper.key.replace("arxiv:", ""));
  const date = paper.published ? ` · ${day(paper.published)}` : "";
  return h(
    "div",
    { class: "pop-paper" },
    paper.title ? h("h2", { class: "pop-title" }, paper.title) : null,
    h("p", { class: "pop-byline" }, byline(paper), h("br"), id, date),
  );
}

/** @param {PaperView} view @returns {HTMLElement} */
function stateLineOf({ state, message, fix_in_options, clipped_at, notes, in_trash }) {
  if (in_trash) return stateLine("clip", "", "In the trash.", "It stays there 30 days.");
  if (state === "saved")
    return stateLine(
      "clip-saved",
      "is-done",
      "In your library",
      clippedText(clipped_at, notes) + (message ? ` ${message}.` : ""),
    );
  if (state === "waiting")
    return stateLine(
      "clip-queued",
      "is-waiting",
      "Waiting.",
      fix_in_options ? `${message}.` : "Your server did not answer. Kept in this browser.",
    );
  if (state === "failed") return stateLine("clip-failed", "is-failed", "Not saved.", message);
  return state === "saving"
    ? stateLine("clip-saving", "", "Saving.")
    : stateLine("clip", "", "Not saved yet.");
}

/** @param {string | null} clipped @param {number} notes @returns {string} */
const clippedText = (clipped, notes) =>
  `${clipped ? `since ${day(clipped)}` : ""}${notes ? `, ${counted(notes, "note")}` : ""}.`;

/**
 * Shows one paper, and keeps it up to date.
 * @param {PaperSummary} paper
 * @param {import("../types.js").ClipFacts | null} facts  to clip it by; null for one that is not on the open page
 */
async function showPaper(paper, facts) {
  const { key } = paper;
  const editor = createEditor(key, { withStatus: true });
  const yours = h("div", { class: "pop-section" }, editor.root);
  const top = h("div");
  const foot = h("footer", { class: "pop-foot" });
  main.replaceChildren(
    ...(facts
      ? []
      : [h("p", { class: "pop-label", id: "last-clipped" }, "Last clipped, not on this page")]),
    top,
    paperSheet(paper),
    yours,
    foot,
  );

  /** @param {PaperView} view */
  const show = (view) => {
    redraw(top, stateLineOf(view));
    yours.hidden = view.state === "clip" || (view.state === "failed" && !view.fix_in_options);
    redraw(foot, ...buttonsOf(view, facts));
    editor.show(view);
  };
  onMessage((message) => {
    if (message?.type === "papers-changed" && message.views[key]) show(message.views[key]);
    return undefined;
  });
  show(
    (
      await request({
        type: "lookup",
        seen: [{ key, upvotes: null, comments: null }],
        page: null,
        day: "",
      })
    )[key],
  );
  show(await request({ type: "open-note", key }));
  if (facts) foot.querySelector("#clip")?.focus();
}

/** @param {PaperView} view @param {import("../types.js").ClipFacts | null} facts @returns {HTMLElement[]} */
function buttonsOf({ key, state, page_url, in_trash, fix_in_options }, facts) {
  const clip = () =>
    request({ type: "clip", key, facts: /** @type {import("../types.js").ClipFacts} */ (facts) });
  const undo = h(
    "button",
    { class: "btn", type: "button", id: "undo", click: () => request({ type: "restore", key }) },
    "Undo",
  );
  if (in_trash) return [undo];
  if (state === "clip")
    return facts
      ? [
          h(
            "button",
            { class: "btn btn-first", type: "button", id: "clip", click: clip },
            icon("clip"),
            "Clip",
          ),
        ]
      : [];
  const remove = h(
    "button",
    {
      class: "btn btn-bare",
      type: "button",
      id: "remove",
      click: () => request({ type: "remove", key }),
    },
    state === "failed" && !fix_in_options ? "Discard" : "Remove",
  );
  if (fix_in_options)
    return [
      h(
        "button",
        { class: "btn btn-first", type: "button", click: () => request({ type: "open-options" }) },
        "Connect",
      ),
    ];
  return page_url
    ? [
        h(
          "a",
          { class: "btn btn-first", id: "open-paper", href: page_url, target: "_blank" },
          "Open in library",
        ),
        remove,
      ]
    : [remove];
}

function showNotConnected() {
  const connect = h(
    "button",
    {
      class: "btn btn-first",
      type: "button",
      id: "connect",
      click: () => request({ type: "open-options" }),
    },
    "Connect",
  );
  main.replaceChildren(
    stateLine("clip", "", "Not connected."),
    h(
      "div",
      { class: "pop-paper" },
      h(
        "p",
        {},
        "Connect this browser to your library, once. What you clip before is kept here and sent then.",
      ),
    ),
    h("footer", { class: "pop-foot" }, connect),
  );
  connect.focus();
}

/** @param {string} strong @param {string} words */
function showMessage(strong, words) {
  main.replaceChildren(
    stateLine("clip", "", strong),
    h("div", { class: "pop-paper" }, h("p", {}, words)),
  );
}

/** @param {string} url @returns {boolean} */
const isClippable = (url) =>
  CLIPPABLE_PAGES.some((pattern) => url.startsWith(pattern.slice(0, -1)));

async function showPage() {
  const tab = await activeTab();
  const shown =
    tab?.id === undefined ? undefined : await sendToTab(tab.id, { type: "get-page-paper" });
  if (shown) return showPaper({ key: shown.key, ...shown.facts.paper }, shown.facts);
  if (shown === undefined && isClippable(tab?.url ?? ""))
    return showMessage("Reload this page.", "It was open before Paperclipper could look at it.");
  const last = await request({ type: "get-last-clipped" });
  if (last) return showPaper(last, null);
  return showMessage(
    "No paper on this page.",
    "Paperclipper clips from the Daily Papers lists, from their papers’ pages, and from arXiv.",
  );
}

/** Says what the reader can do for server and extension; again whenever the queue moves, while the server sleeps. @param {HTMLElement} section */
function drawServerNotices(section) {
  let isUnreachable = false;
  const draw = async () => {
    const view = await request({ type: "check-version" });
    isUnreachable = view.unreachable;
    redraw(
      section,
      ...(view.unreachable ? [unreachableNotice(view)] : []),
      ...(view.update ? [updateNotice(view)] : []),
    );
    section.hidden = !view.unreachable && !view.update;
  };
  onMessage((message) => {
    if (message?.type === "papers-changed" && isUnreachable) draw();
    return undefined;
  });
  draw();
}

/** @param {import("../types.js").VersionView} view @returns {HTMLElement} */
function unreachableNotice({ waiting }) {
  const heading = h("b", {}, `Your server is asleep${waiting ? `, ${waiting} waiting` : ""}.`);
  return h(
    "p",
    { class: "small" },
    heading,
    " Start it with ",
    h("code", {}, "paperclipper serve"),
    ", or with ",
    h("code", {}, "scripts/serve"),
    " in its folder.",
  );
}

/** @param {import("../types.js").VersionView} view @returns {HTMLElement} */
function updateNotice({ update, ready }) {
  const reload = h(
    "button",
    {
      class: "btn",
      type: "button",
      id: "reload",
      click: () => request({ type: "reload-extension" }),
    },
    "Reload",
  );
  if (ready)
    return h("p", { class: "small update-ready" }, h("b", {}, `Update ready: ${update}. `), reload);
  const command = h("code", {}, "paperclipper extension DIR");
  return h(
    "p",
    { class: "small" },
    h("b", {}, `Version ${update} fits your library.`),
    " Bring this extension’s folder up to date (",
    command,
    "), then open this again.",
  );
}

const { state, base } = await request({ type: "get-connection" });
library.href = base;
document
  .getElementById("settings")
  ?.addEventListener("click", () => request({ type: "open-options" }));
drawOutbox(/** @type {HTMLElement} */ (document.getElementById("outbox")));
drawServerNotices(/** @type {HTMLElement} */ (document.getElementById("server-notices")));
await (state === "connected" ? showPage() : showNotConnected());
