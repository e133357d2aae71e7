/**
 * The strip at the bottom of a card: the clip button, the clip's state, and the panel, which opens
 * when the button is clicked again.
 */
import { fileUrl, isExtensionAlive } from "../browser.js";
import { counted, h, redraw } from "../dom.js";
import { icon } from "../icons.js";
import { errorText, request } from "../messages.js";
import { Panel } from "../panel/panel.js";
import { followTheme } from "./placement.js";

/** @typedef {import("../types.js").PaperView} PaperView */
/** @typedef {import("../types.js").StripState} StripState */

/** Icon and label of the button. @type {Record<StripState, [string, string]>} */
const BUTTONS = {
  clip: ["clip", "Clip"],
  saving: ["clip-saving", "Saving"],
  saved: ["clip-saved", "Saved"],
  waiting: ["clip-queued", "Waiting"],
  failed: ["clip-failed", "Not saved"],
};
const STYLESHEETS = [
  "style/tokens.css",
  "style/controls.css",
  "style/editor.css",
  "style/strip.css",
];

export class Strip {
  #button = h("button", { class: "clip-btn", type: "button", click: () => this.#press() });
  #details = h("div", { class: "strip-details", "aria-live": "polite" });
  #row = h("div", { class: "strip" }, this.#button, this.#details);
  /** @type {PaperView | null} */
  #view = null;
  #isClipping = false;

  /**
   * @param {string} key
   * @param {() => import("../types.js").ClipFacts | null} readFacts reads the facts from the page
   */
  constructor(key, readFacts) {
    this.key = key;
    this.host = h("paperclipper-strip", { "data-key": key });
    this.readFacts = readFacts;
    this.panel = new Panel(
      key,
      () => this.#title,
      () => this.#clip(),
    );
    attachContent(this.host, this.#row, this.panel.root);
    this.#drawState("clip");
  }

  get #title() {
    return this.readFacts()?.paper.title ?? "";
  }

  async #press() {
    const { state } = this.#button.dataset;
    // If the clip could not be stored, there is no view and thus no panel to open: retry instead.
    if (state === "clip" || (state === "failed" && !this.#view)) return this.#clip();
    if (state !== "saving") this.panel.open(this.#button);
  }

  async #clip() {
    const facts = this.readFacts();
    if (!facts) return this.#drawFailure("This page no longer shows the paper. Reload the page.");
    this.#drawState("saving");
    this.#drawDetails();
    this.#view = null;
    const view = await this.#requestClip(facts);
    if (view) this.show(view);
  }

  /**
   * @param {import("../types.js").ClipFacts} facts
   * @returns {Promise<PaperView | null>} null if the request failed
   */
  async #requestClip(facts) {
    this.#isClipping = true;
    try {
      return await request({ type: "clip", key: this.key, facts });
    } catch (error) {
      this.#drawFailure(
        isExtensionAlive()
          ? `Not stored: ${errorText(error)}`
          : "Paperclipper was updated. Reload the page and clip again.",
      );
      return null;
    } finally {
      this.#isClipping = false;
    }
  }

  /** @param {PaperView} view */
  show(view) {
    // Ignore a stale view that was broadcast before the background received the click.
    if (this.#isClipping && view.state === "clip") return;
    if (JSON.stringify(view) === JSON.stringify(this.#view)) return;
    this.#view = view;
    this.#drawState(view.state);
    this.#drawDetails(...detailsOf(view));
    this.panel.show(view);
  }

  /** @param {string} message */
  #drawFailure(message) {
    this.#drawState("failed");
    this.#drawDetails(messageLine(message));
  }

  /** @param {StripState} state */
  #drawState(state) {
    const [name, text] = BUTTONS[state];
    const button = this.#button;
    if (button.dataset.state !== state) button.replaceChildren(icon(name), h("span", {}, text));
    this.#row.dataset.state = button.dataset.state = state;
    button.setAttribute("aria-label", `${text}: ${this.#title || this.key}`);
    if (state === "clip" || state === "saving") button.removeAttribute("aria-haspopup");
    else button.setAttribute("aria-haspopup", "dialog");
  }

  /** @param {Node[]} details */
  #drawDetails(...details) {
    redraw(this.#details, ...details);
  }
}

/** @param {PaperView} view @returns {Node[]} the contents of the strip next to the button */
function detailsOf(view) {
  if (view.in_trash) return [undoLine(view.key)];
  if (view.fix_in_options) return [optionsLink(view.message)];
  if (view.message) return [messageLine(view.message)];
  return view.state === "saved" ? libraryLinks(view) : [];
}

/** @param {PaperView} view @returns {Node[]} links for up to two tags and the note count */
function libraryLinks({ tags, notes, page_url }) {
  const texts = tags.slice(0, 2).map((tag) => `#${tag}`);
  if (notes) texts.push(counted(notes, "note"));
  return texts.map((text) =>
    h("a", { class: "strip-link", href: page_url, target: "_blank" }, text),
  );
}

/** @param {string} message @returns {Node} */
const messageLine = (message) => h("span", { class: "strip-message", title: message }, message);

/** @param {string} message @returns {Node} */
function optionsLink(message) {
  const click = () => request({ type: "open-options" });
  return h("button", { class: "strip-link strip-fix", type: "button", click }, message);
}

/** @param {string} key @returns {Node} */
function undoLine(key) {
  const click = () => request({ type: "restore", key });
  const undo = h("button", { class: "strip-link undo", type: "button", click }, "Undo");
  return h("span", { class: "strip-message" }, "In the trash ", undo);
}

/**
 * Shows the content in a shadow root once its stylesheets have loaded, to avoid a flash of unstyled
 * content.
 * @param {HTMLElement} host
 * @param {Node[]} content
 */
function attachContent(host, ...content) {
  const root = host.attachShadow({ mode: "open" });
  const body = h("div", { class: "body", hidden: true }, ...content);
  const sheets = STYLESHEETS.map((path) => h("link", { rel: "stylesheet", href: fileUrl(path) }));
  const loaded = sheets.map(
    (sheet) => new Promise((done) => sheet.addEventListener("load", done, { once: true })),
  );
  Promise.all(loaded).then(() => body.removeAttribute("hidden"));
  root.append(...sheets, body);
  followTheme(host);
}
