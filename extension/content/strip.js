/** The strip at a card's foot: the clip button, how the clip stands, and the panel that a second click opens. Lives in a shadow root. */
import { fileUrl, isExtensionAlive } from "../browser.js";
import { counted, h, redraw } from "../dom.js";
import { icon } from "../icons.js";
import { errorText, request } from "../messages.js";
import { createPanel } from "../panel/panel.js";
import { followTheme } from "./placement.js";

/** @typedef {import("../types.js").PaperView} PaperView */
/** @typedef {{ host: HTMLElement, show: (view: PaperView) => void }} Strip */

/** @type {Record<import("../types.js").StripState, [string, string]>} */
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

/**
 * @param {string} key
 * @param {() => import("../types.js").ClipFacts | null} read  what the page says of the paper now
 * @returns {Strip}
 */
export function createStrip(key, read) {
  const host = h("paperclipper-strip", { "data-key": key });
  const button = h("button", { class: "clip-btn", type: "button", click: press });
  const details = h("div", { class: "strip-details", "aria-live": "polite" });
  const strip = h("div", { class: "strip" }, button, details);
  const panel = createPanel(key, () => read()?.paper.title ?? "", clip);
  /** @type {PaperView | null} */
  let shown = null;
  let isClipping = false;
  attachContent(host, strip, panel.root);
  draw("clip", "");

  async function press() {
    const state = button.dataset.state;
    // Nothing is known of a clip that the browser would not keep: there is nothing to open, only to try again.
    if (state === "clip" || (state === "failed" && !shown)) return clip();
    if (state === "saving") return undefined;
    return panel.open(button);
  }

  async function clip() {
    const facts = read();
    if (!facts) return draw("failed", "The page says nothing of this paper any more: reload it");
    draw("saving", "");
    isClipping = true;
    shown = null;
    const view = await request({ type: "clip", key, facts }).catch(failed);
    isClipping = false;
    return view ? show(view) : undefined;
  }

  /** @param {unknown} error */
  function failed(error) {
    draw(
      "failed",
      isExtensionAlive()
        ? `Not kept: ${errorText(error)}`
        : "Paperclipper was renewed meanwhile: reload the page, and clip again",
    );
  }

  /** @param {import("../types.js").StripState} state @param {string} message @param {Node[]} more */
  function draw(state, message, ...more) {
    const [name, word] = BUTTONS[state];
    if (button.dataset.state !== state) button.replaceChildren(icon(name), h("span", {}, word));
    strip.dataset.state = button.dataset.state = state;
    button.setAttribute("aria-label", `${word}: ${read()?.paper.title ?? key}`);
    if (state === "clip" || state === "saving") button.removeAttribute("aria-haspopup");
    else button.setAttribute("aria-haspopup", "dialog");
    redraw(
      details,
      ...(message ? [h("span", { class: "strip-message", title: message }, message)] : []),
      ...more,
    );
  }

  /** @param {PaperView} view */
  function show(view) {
    // What the background said of the page before it heard of the press.
    if (isClipping && view.state === "clip") return;
    if (JSON.stringify(view) === JSON.stringify(shown)) return;
    shown = view;
    const fix_in_options = view.fix_in_options ? [] : detailsOf(view);
    draw(
      view.state,
      view.in_trash || view.fix_in_options ? "" : view.message,
      ...(view.in_trash
        ? [undo(key)]
        : view.fix_in_options
          ? [optionsLink(view.message)]
          : fix_in_options),
    );
    panel.show(view);
  }

  return { host, show };
}

/** @param {PaperView} view @returns {Node[]} */
function detailsOf({ state, message, tags, notes, page_url }) {
  if (state !== "saved" || message) return [];
  const words = [
    ...tags.slice(0, 2).map((tag) => `#${tag}`),
    ...(notes ? [counted(notes, "note")] : []),
  ];
  return words.map((word) =>
    h("a", { class: "strip-link", href: page_url, target: "_blank" }, word),
  );
}

/** @param {string} message @returns {Node} */
const optionsLink = (message) =>
  h(
    "button",
    {
      class: "strip-link strip-fix",
      type: "button",
      click: () => request({ type: "open-options" }),
    },
    message,
  );

/** @param {string} key @returns {Node} */
const undo = (key) =>
  h(
    "span",
    { class: "strip-message" },
    "In the trash ",
    h(
      "button",
      { class: "strip-link undo", type: "button", click: () => request({ type: "restore", key }) },
      "Undo",
    ),
  );

/**
 * Shows the content once its styles are there: unstyled, it would flash.
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
