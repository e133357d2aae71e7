/** The note: kept at each keystroke, sent when the reader pauses. Where two texts differ both are shown; nothing is overwritten unseen. */
import { isAlive } from "../browser.js";
import { counted, h } from "../dom.js";
import { reason, request } from "../messages.js";

/** @typedef {import("../types.js").NoteView} NoteView */

/** @type {Record<NoteView["state"], string>} */
const WORDS = {
  none: "Markdown, kept as you type",
  kept: "Kept as you type",
  waiting: "Kept, will send",
  saved: "Saved",
  refused: "Not saved",
  conflict: "Two texts",
};

const RENEWED = "Paperclipper was renewed meanwhile: copy your text, and reload the page.";

/** @param {string} key @returns {import("./editor.js").Part} */
export function createNote(key) {
  const state = h("span", { class: "soft", id: "note-state", "aria-live": "polite" });
  const others = h("a", { class: "small", id: "other-notes", target: "_blank", hidden: true });
  const field = h("textarea", {
    class: "field field-mono",
    id: "note",
    rows: "3",
    maxlength: "100000",
    input: typed,
    blur: left,
  });
  const told = h("p", { class: "small stop", id: "note-told", hidden: true });
  const conflict = createConflict(key, field);
  const root = h(
    "div",
    { class: "pop-row" },
    h(
      "div",
      { class: "note-top" },
      h("label", { class: "label", for: "note" }, "Note"),
      state,
      others,
    ),
    conflict.root,
    field,
    told,
    conflict.acts,
  );

  let dirty = false;
  /** Whether the last words stand in the field alone, since the browser would not keep them: nothing may take their place. */
  let unkept = false;

  const kept = () =>
    request({ type: "type", key, body: field.value }).then((view) => {
      unkept = false;
      drawState(view.note);
    });

  function typed() {
    dirty = true;
    kept().catch(lost);
  }

  async function left() {
    if (!dirty) return;
    try {
      if (unkept) await kept();
      await request({ type: "keep-note", key });
      dirty = false;
    } catch (error) {
      lost(error);
    }
  }

  /** @param {unknown} error */
  function lost(error) {
    unkept = true;
    state.textContent = "Not kept";
    state.dataset.state = "refused";
    tellStop(
      isAlive()
        ? `Your text is not kept: ${reason(error)}. Copy it before you close this.`
        : RENEWED,
    );
  }

  /** @param {string} words */
  function tellStop(words) {
    told.textContent = words;
    told.hidden = !words;
  }

  /** @param {NoteView} note */
  function drawState(note) {
    const emptied = note.state === "kept" && !note.body.trim();
    state.textContent = emptied ? "Empty: the one in your library stays" : WORDS[note.state];
    state.dataset.state = note.state;
    tellStop(note.state === "refused" ? note.reason : "");
    conflict.show(note);
  }

  return {
    root,
    show: ({ note, others: more, page_url }) => {
      const isTyping = field.matches(":focus") && dirty;
      if (!isTyping && !unkept && field.value !== note.body) field.value = note.body;
      if (!unkept) drawState(note);
      others.hidden = !more;
      others.textContent = `${counted(more, "more note")} in your library`;
      if (page_url) others.href = page_url;
    },
  };
}

/**
 * @param {string} key
 * @param {HTMLTextAreaElement} field where the reader's own text stands
 * @returns {{ root: HTMLElement, acts: HTMLElement, show: (note: NoteView) => void }}
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
  const acts = h(
    "p",
    { class: "conflict-acts", hidden: true },
    act("keep-mine", "Keep yours", () => field.value),
    act("keep-theirs", "Keep the other", () => theirs.textContent ?? ""),
    act("join", "Join them", () => `${theirs.textContent}\n\n${field.value}`),
  );

  /** @param {string} id @param {string} word @param {() => string} text @returns {HTMLElement} */
  function act(id, word, text) {
    return h(
      "button",
      {
        class: "btn",
        type: "button",
        id,
        click: () => request({ type: "settle", key, body: text() }),
      },
      word,
    );
  }

  return {
    root,
    acts,
    show: ({ state, theirs: text }) => {
      root.hidden = acts.hidden = state !== "conflict";
      theirs.textContent = text;
    },
  };
}
