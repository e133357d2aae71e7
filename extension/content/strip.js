/** The strip at a card's foot: the clip button, how the clip stands, and the panel that a second click opens. Lives in a shadow root. */
import { fileUrl, isAlive } from "../browser.js";
import { counted, h, redraw } from "../dom.js";
import { icon } from "../icons.js";
import { reason, request } from "../messages.js";
import { createPanel } from "../panel/panel.js";
import { followTheme } from "./placement.js";

/** @typedef {import("../types.js").PaperView} PaperView */
/** @typedef {{ host: HTMLElement, show: (view: PaperView) => void }} Strip */

/** @type {Record<import("../types.js").StripState, [string, string]>} */
const LOOKS = {
  clip: ["clip", "Clip"],
  saving: ["clip-saving", "Saving"],
  saved: ["clip-saved", "Saved"],
  waiting: ["clip-queued", "Waiting"],
  failed: ["clip-failed", "Not saved"],
};
const SHEETS = ["style/tokens.css", "style/controls.css", "style/editor.css", "style/strip.css"];

/**
 * @param {string} key
 * @param {() => import("../types.js").ClipFacts | null} read  what the page says of the paper now
 * @returns {Strip}
 */
export function createStrip(key, read) {
  const host = h("paperclipper-strip", { "data-key": key });
  const button = h("button", { class: "clip-btn", type: "button", click: press });
  const marks = h("div", { class: "rail-marks", "aria-live": "polite" });
  const rail = h("div", { class: "rail" }, button, marks);
  const panel = createPanel(key, () => read()?.paper.title ?? "", clip);
  /** @type {PaperView | null} */
  let shown = null;
  let isClipping = false;
  dress(host, rail, panel.root);
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
      isAlive()
        ? `Not kept: ${reason(error)}`
        : "Paperclipper was renewed meanwhile: reload the page, and clip again",
    );
  }

  /** @param {import("../types.js").StripState} state @param {string} tell @param {Node[]} more */
  function draw(state, tell, ...more) {
    const [name, word] = LOOKS[state];
    if (button.dataset.state !== state) button.replaceChildren(icon(name), h("span", {}, word));
    rail.dataset.state = button.dataset.state = state;
    button.setAttribute("aria-label", `${word}: ${read()?.paper.title ?? key}`);
    if (state === "clip" || state === "saving") button.removeAttribute("aria-haspopup");
    else button.setAttribute("aria-haspopup", "dialog");
    redraw(marks, ...(tell ? [h("span", { class: "tell-line", title: tell }, tell)] : []), ...more);
  }

  /** @param {PaperView} view */
  function show(view) {
    // What the background said of the page before it heard of the press.
    if (isClipping && view.state === "clip") return;
    if (JSON.stringify(view) === JSON.stringify(shown)) return;
    shown = view;
    const mend = view.mend ? [] : marksOf(view);
    draw(
      view.state,
      view.removed || view.mend ? "" : view.tell,
      ...(view.removed ? [undo(key)] : view.mend ? [mendLink(view.tell)] : mend),
    );
    panel.show(view);
  }

  return { host, show };
}

/** @param {PaperView} view @returns {Node[]} */
function marksOf({ state, tell, tags, notes, page_url }) {
  if (state !== "saved" || tell) return [];
  const words = [
    ...tags.slice(0, 2).map((tag) => `#${tag}`),
    ...(notes ? [counted(notes, "note")] : []),
  ];
  return words.map((word) => h("a", { class: "rm", href: page_url, target: "_blank" }, word));
}

/** @param {string} tell @returns {Node} */
const mendLink = (tell) =>
  h(
    "button",
    { class: "rm rm-mend", type: "button", click: () => request({ type: "options" }) },
    tell,
  );

/** @param {string} key @returns {Node} */
const undo = (key) =>
  h(
    "span",
    { class: "tell-line" },
    "In the trash ",
    h(
      "button",
      { class: "rm undo", type: "button", click: () => request({ type: "restore", key }) },
      "Undo",
    ),
  );

/**
 * Shows the content once its styles are there: unstyled, it would flash.
 * @param {HTMLElement} host
 * @param {Node[]} content
 */
function dress(host, ...content) {
  const root = host.attachShadow({ mode: "open" });
  const body = h("div", { class: "body", hidden: true }, ...content);
  const sheets = SHEETS.map((path) => h("link", { rel: "stylesheet", href: fileUrl(path) }));
  const loaded = sheets.map(
    (sheet) => new Promise((done) => sheet.addEventListener("load", done, { once: true })),
  );
  Promise.all(loaded).then(() => body.removeAttribute("hidden"));
  root.append(...sheets, body);
  followTheme(host);
}
