/** The small panel of a paper that was clipped: tags, note, Remove. In the top layer, so that the card cannot cut it off. */
import { h } from "../dom.js";
import { createEditor } from "./editor.js";
import { icon } from "../icons.js";
import { request } from "../messages.js";

/** @typedef {import("../types.js").PaperView} PaperView */

const GAP = 6;

/**
 * @param {string} key
 * @param {() => string} title
 * @param {() => void} clip  clips the paper again
 * @returns {{ root: HTMLElement, open: (button: HTMLElement) => void, show: (view: PaperView) => void }}
 */
export function createPanel(key, title, clip) {
  const editor = createEditor(key, { withStatus: false });
  const head = h("p", { class: "panel-head", id: "panel-head" });
  const close = h(
    "button",
    {
      class: "btn btn-bare btn-icon panel-close",
      type: "button",
      "aria-label": "Close",
      click: () => root.hidePopover(),
    },
    icon("x"),
  );
  const problem = h("p", { class: "notice notice-stop", hidden: true });
  const open = h("a", { class: "btn", target: "_blank", id: "open-paper" }, "Open in library");
  const remove = h(
    "button",
    { class: "btn btn-bare", type: "button", id: "remove", click: remove_ },
    "Remove",
  );
  const again = h(
    "button",
    { class: "btn btn-first", type: "button", id: "clip-again", hidden: true, click: clipAgain },
    "Clip again",
  );
  const root = h(
    "div",
    { class: "panel on-margin", popover: "auto", role: "dialog", "aria-labelledby": "panel-head" },
    h("div", { class: "panel-top" }, head, close),
    problem,
    editor.root,
    h("div", { class: "panel-foot" }, open, again, remove),
  );
  for (const name of ["keydown", "keypress", "keyup"])
    root.addEventListener(name, (/** @type {Event} */ event) => event.stopPropagation());

  async function remove_() {
    root.hidePopover();
    await request({ type: "remove", key });
  }

  function clipAgain() {
    root.hidePopover();
    clip();
  }

  /** @param {PaperView} view */
  function show(view) {
    editor.show(view);
    const failed = view.state === "failed" && !view.fix_in_options;
    problem.hidden = !failed;
    problem.replaceChildren(icon("alert"), h("span", {}, view.message));
    again.hidden = !failed;
    remove.textContent = failed ? "Discard" : "Remove";
    editor.root.hidden = failed;
    open.hidden = !view.page_url;
    if (view.page_url) open.href = view.page_url;
  }

  /** @param {HTMLElement} button */
  function openAt(button) {
    head.textContent = title();
    root.showPopover();
    placeNextTo(root, button);
    root.querySelector(".tag-input")?.focus();
    request({ type: "open-note", key }).then(show, () => {});
  }

  return { root, open: openAt, show };
}

/** Under the button, above it where there is no room. @param {HTMLElement} panel @param {HTMLElement} button */
function placeNextTo(panel, button) {
  const anchor = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const below = anchor.bottom + GAP + height <= innerHeight || anchor.top < height + GAP;
  panel.style.left = `${Math.max(GAP, Math.min(anchor.left, innerWidth - width - GAP)) + scrollX}px`;
  panel.style.top = `${(below ? anchor.bottom + GAP : anchor.top - GAP - height) + scrollY}px`;
}
