/**
 * The note editor. Text is stored on every keystroke and sent when the reader stops typing. Text
 * changed elsewhere is shown before it is overwritten.
 */
import { isExtensionAlive } from "../browser.js";
import { counted, h } from "../dom.js";
import { errorText, request } from "../messages.js";
import { Conflict } from "./conflict.js";

/** @typedef {import("../types.js").NoteView} NoteView */

/** @type {Record<NoteView["state"], string>} */
const STATE_TEXTS = {
  none: "Markdown, saved as you type",
  draft: "Draft kept",
  waiting: "Waiting for the server",
  saved: "Saved",
  refused: "Not saved",
  conflict: "Edit conflict",
};

const UPDATED = "Paperclipper was updated. Copy your text, then reload the page.";

export class NoteEditor {
  #state = h("span", { class: "soft", id: "note-state", "aria-live": "polite" });
  #otherNotes = h("a", { class: "small", id: "other-notes", target: "_blank", hidden: true });
  #field = h("textarea", {
    class: "field field-mono",
    id: "note",
    rows: "3",
    maxlength: "100000",
    input: () => this.#onInput(),
    blur: () => this.#onBlur(),
  });
  #problem = h("p", { class: "small stop", id: "note-error", hidden: true });
  /** Whether the field has been edited since the last commit. */
  #isDirty = false;
  /**
   * Whether the browser failed to store the text. If so, the field contains the only copy and must
   * not be overwritten.
   */
  #isUnsaved = false;

  /** @param {string} key */
  constructor(key) {
    this.key = key;
    this.conflict = new Conflict(key, this.#field);
    const label = h("label", { class: "label", for: "note" }, "Note");
    this.root = h(
      "div",
      { class: "editor-row" },
      h("div", { class: "note-top" }, label, this.#state, this.#otherNotes),
      this.conflict.root,
      this.#field,
      this.#problem,
      this.conflict.buttons,
    );
  }

  /** @param {import("../types.js").PaperView} view */
  show({ note, other_notes, page_url }) {
    const isTyping = this.#field.matches(":focus") && this.#isDirty;
    if (!isTyping && !this.#isUnsaved && this.#field.value !== note.body)
      this.#field.value = note.body;
    if (!this.#isUnsaved) this.#showState(note);
    this.#otherNotes.hidden = !other_notes;
    this.#otherNotes.textContent = `${counted(other_notes, "more note")} in your library`;
    if (page_url) this.#otherNotes.href = page_url;
  }

  #onInput() {
    this.#isDirty = true;
    this.#saveDraft().catch((error) => this.#showFailure(error));
  }

  async #onBlur() {
    if (!this.#isDirty) return;
    try {
      if (this.#isUnsaved) await this.#saveDraft();
      await request({ type: "commit-note", key: this.key });
      this.#isDirty = false;
    } catch (error) {
      this.#showFailure(error);
    }
  }

  async #saveDraft() {
    const { note } = await request({
      type: "edit-note",
      key: this.key,
      body: this.#field.value,
    });
    this.#isUnsaved = false;
    this.#showState(note);
  }

  /** @param {NoteView} note */
  #showState(note) {
    const isEmptied = note.state === "draft" && !note.body.trim();
    this.#state.textContent = isEmptied
      ? "Empty: the note in your library is unchanged"
      : STATE_TEXTS[note.state];
    this.#state.dataset.state = note.state;
    this.#showProblem(note.state === "refused" ? note.reason : "");
    this.conflict.show(note);
  }

  /** @param {unknown} error */
  #showFailure(error) {
    this.#isUnsaved = true;
    this.#state.textContent = "Not stored";
    this.#state.dataset.state = "refused";
    this.#showProblem(
      isExtensionAlive()
        ? `Your text is not stored: ${errorText(error)}. Copy it before you close this.`
        : UPDATED,
    );
  }

  /** @param {string} text */
  #showProblem(text) {
    this.#problem.textContent = text;
    this.#problem.hidden = !text;
  }
}
