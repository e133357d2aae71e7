/** The note: kept at each keystroke, sent when the reader pauses. Where two texts differ both are shown; nothing is overwritten unseen. */
import { isExtensionAlive } from "../browser.js";
import { counted, h } from "../dom.js";
import { errorText, request } from "../messages.js";

/** @typedef {import("../types.js").NoteView} NoteView */

/** @type {Record<NoteView["state"], string>} */
const STATE_TEXTS = {
  none: "Markdown, kept as you type",
  draft: "Kept as you type",
  waiting: "Kept, will send",
  saved: "Saved",
  refused: "Not saved",
  conflict: "Two texts",
};

const UPDATED = "Paperclipper was renewed meanwhile: copy your text, and reload the page.";

/** @param {string} key @returns {import("./editor.js").EditorPart} */
export function createNote(key) {
  const state = h("span", { class: "soft", id: "note-state", "aria-live": "polite" });
  const otherNotes = h("a", { class: "small", id: "other-notes", target: "_blank", hidden: true });
  const field = h("textarea", {
    class: "field field-mono",
    id: "note",
    rows: "3",
    maxlength: "100000",
    input: onInput,
    blur: onBlur,
  });
  const problem = h("p", { class: "small stop", id: "note-error", hidden: true });
  const conflict = createConflict(key, field);
  const root = h(
    "div",
    { class: "editor-row" },
    h(
      "div",
      { class: "note-top" },
      h("label", { class: "label", for: "note" }, "Note"),
      state,
      otherNotes,
    ),
    conflict.root,
    field,
    problem,
    conflict.buttons,
  );

  let isDirty = false;
  /** Whether the last words stand in the field alone, since the browser would not keep them: nothing may take their place. */
  let isUnsaved = false;

  const saveDraft = () =>
    request({ type: "edit-note", key, body: field.value }).then((view) => {
      isUnsaved = false;
      showState(view.note);
    });

  function onInput() {
    isDirty = true;
    saveDraft().catch(showFailure);
  }

  async function onBlur() {
    if (!isDirty) return;
    try {
      if (isUnsaved) await saveDraft();
      await request({ type: "commit-note", key });
      isDirty = false;
    } catch (error) {
      showFailure(error);
    }
  }

  /** @param {unknown} error */
  function showFailure(error) {
    isUnsaved = true;
    state.textContent = "Not kept";
    state.dataset.state = "refused";
    showProblem(
      isExtensionAlive()
        ? `Your text is not kept: ${errorText(error)}. Copy it before you close this.`
        : UPDATED,
    );
  }

  /** @param {string} words */
  function showProblem(words) {
    problem.textContent = words;
    problem.hidden = !words;
  }

  /** @param {NoteView} note */
  function showState(note) {
    const emptied = note.state === "draft" && !note.body.trim();
    state.textContent = emptied ? "Empty: the one in your library stays" : STATE_TEXTS[note.state];
    state.dataset.state = note.state;
    showProblem(note.state === "refused" ? note.reason : "");
    conflict.show(note);
  }

  return {
    root,
    show: ({ note, other_notes: more, page_url }) => {
      const isTyping = field.matches(":focus") && isDirty;
      if (!isTyping && !isUnsaved && field.value !== note.body) field.value = note.body;
      if (!isUnsaved) showState(note);
      otherNotes.hidden = !more;
      otherNotes.textContent = `${counted(more, "more note")} in your library`;
      if (page_url) otherNotes.href = page_url;
    },
  };
}

/**
 * @param {string} key
 * @param {HTMLTextAreaElement} field where the reader's own text stands
 * @returns {{ root: HTMLElement, buttons: HTMLElement, show: (note: NoteView) => void }}
 */
function createConflict(key, field) {
  const theirs = h("pre", {
    class: "theirs",
    id: "note-theirs",
    tabindex: "0",
    "aria-label": "The note in your library now",
  });
  const root = h(
    "div",
    { class: "conflict", hidden: true },
    h(
      "p",
      { class: "small" },
      "Somebody changed this note while you wrote, perhaps you on another screen. Both texts are below; keep one, or join them.",
    ),
    h("p", { class: "small soft" }, "In your library now"),
    theirs,
    h("p", { class: "small soft" }, "Yours"),
  );
  const buttons = h(
    "p",
    { class: "conflict-buttons", hidden: true },
    button("keep-mine", "Keep yours", () => field.value),
    button("keep-theirs", "Keep the other", () => theirs.textContent ?? ""),
    button("merge-texts", "Join them", () => `${theirs.textContent}\n\n${field.value}`),
  );

  /** @param {string} id @param {string} word @param {() => string} text @returns {HTMLElement} */
  function button(id, word, text) {
    return h(
      "button",
      {
        class: "btn",
        type: "button",
        id,
        click: () => request({ type: "resolve-conflict", key, body: text() }),
      },
      word,
    );
  }

  return {
    root,
    buttons,
    show: ({ state, theirs: text }) => {
      root.hidden = buttons.hidden = state !== "conflict";
      theirs.textContent = text;
    },
  };
}
