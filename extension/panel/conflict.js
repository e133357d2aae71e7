/**
 * Shows both versions of a note in an edit conflict and lets the reader choose one or merge them.
 */
import { h } from "../dom.js";
import { request } from "../messages.js";

export class Conflict {
  #theirs = h("pre", {
    class: "theirs",
    id: "note-theirs",
    tabindex: "0",
    "aria-label": "The note in your library",
  });

  /**
   * @param {string} key
   * @param {HTMLTextAreaElement} field containing the reader's own version
   */
  constructor(key, field) {
    this.key = key;
    this.root = h(
      "div",
      { class: "conflict", hidden: true },
      h(
        "p",
        { class: "small" },
        "This note was changed elsewhere while you were writing. Keep one version, or merge them.",
      ),
      h("p", { class: "small soft" }, "In your library"),
      this.#theirs,
      h("p", { class: "small soft" }, "Yours"),
    );
    const theirs = () => this.#theirs.textContent;
    this.buttons = h(
      "p",
      { class: "conflict-buttons", hidden: true },
      this.#button("keep-mine", "Keep yours", () => field.value),
      this.#button("keep-theirs", "Keep the other", theirs),
      this.#button("merge-texts", "Merge", () => `${theirs()}\n\n${field.value}`),
    );
  }

  /** @param {string} id @param {string} label @param {() => string} text @returns {HTMLElement} */
  #button(id, label, text) {
    const click = () => request({ type: "resolve-conflict", key: this.key, body: text() });
    return h("button", { class: "btn", type: "button", id, click }, label);
  }

  /** @param {import("../types.js").NoteView} note */
  show({ state, theirs }) {
    this.root.hidden = this.buttons.hidden = state !== "conflict";
    this.#theirs.textContent = theirs;
  }
}
