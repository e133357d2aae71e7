/**
 * The panel for a clipped paper, with its tags, its note and a Remove button. It is rendered in the
 * top layer, so that the card cannot clip it.
 */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { request } from "../messages.js";
import { createEditor } from "./editor.js";

/** @typedef {import("../types.js").PaperView} PaperView */

/** Distance between the panel and its button or the viewport edge, in px. */
const GAP = 6;

export class Panel {
  #heading = h("p", { class: "panel-head", id: "panel-head" });
  #problem = h("p", { class: "alert alert-error", hidden: true });
  #openLink = h("a", { class: "btn", target: "_blank", id: "open-paper" }, "Open in library");
  #removeButton = h(
    "button",
    { class: "btn btn-bare", type: "button", id: "remove", click: () => this.#remove() },
    "Remove",
  );
  #clipAgainButton = h(
    "button",
    {
      class: "btn btn-first",
      type: "button",
      id: "clip-again",
      hidden: true,
      click: () => this.#clipAgain(),
    },
    "Clip again",
  );

  /**
   * @param {string} key
   * @param {() => string} getTitle
   * @param {() => void} clip clips the paper again
   */
  constructor(key, getTitle, clip) {
    this.key = key;
    this.getTitle = getTitle;
    this.clip = clip;
    this.editor = createEditor(key, { withStatus: false });
    this.root = h(
      "div",
      {
        class: "panel on-margin",
        popover: "auto",
        role: "dialog",
        "aria-labelledby": "panel-head",
      },
      h(
        "div",
        { class: "panel-top" },
        this.#heading,
        closeButton(() => this.root.hidePopover()),
      ),
      this.#problem,
      this.editor.root,
      h("div", { class: "panel-foot" }, this.#openLink, this.#clipAgainButton, this.#removeButton),
    );
    // Keep typing from triggering the page's own keyboard shortcuts.
    for (const name of ["keydown", "keypress", "keyup"])
      this.root.addEventListener(name, (/** @type {Event} */ event) => event.stopPropagation());
  }

  /** @param {HTMLElement} button */
  open(button) {
    this.#heading.textContent = this.getTitle();
    this.root.showPopover();
    placeNextTo(this.root, button);
    this.root.querySelector(".tag-input")?.focus();
    request({ type: "open-note", key: this.key }).then(
      (view) => this.show(view),
      () => {},
    );
  }

  /** @param {PaperView} view */
  show(view) {
    this.editor.show(view);
    const isRefused = view.state === "failed" && !view.fix_in_options;
    this.#problem.hidden = !isRefused;
    this.#problem.replaceChildren(icon("alert"), h("span", {}, view.message));
    this.#clipAgainButton.hidden = !isRefused;
    this.#removeButton.textContent = isRefused ? "Discard" : "Remove";
    this.editor.root.hidden = isRefused;
    this.#openLink.hidden = !view.page_url;
    if (view.page_url) this.#openLink.href = view.page_url;
  }

  async #remove() {
    this.root.hidePopover();
    await request({ type: "remove", key: this.key });
  }

  #clipAgain() {
    this.root.hidePopover();
    this.clip();
  }
}

/** @param {() => void} click @returns {HTMLElement} */
const closeButton = (click) =>
  h(
    "button",
    { class: "btn btn-bare btn-icon panel-close", type: "button", "aria-label": "Close", click },
    icon("x"),
  );

/**
 * Places the panel below the button, or above it if there is not enough space.
 * @param {HTMLElement} panel
 * @param {HTMLElement} button
 */
function placeNextTo(panel, button) {
  const anchor = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const fitsBelow = anchor.bottom + GAP + height <= innerHeight;
  const fitsAbove = anchor.top >= height + GAP;
  const left = Math.max(GAP, Math.min(anchor.left, innerWidth - width - GAP));
  const top = fitsBelow || !fitsAbove ? anchor.bottom + GAP : anchor.top - GAP - height;
  panel.style.left = `${left + scrollX}px`;
  panel.style.top = `${top + scrollY}px`;
}
