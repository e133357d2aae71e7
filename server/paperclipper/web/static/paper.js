// The paper page: keyboard shortcuts, starring without leaving the page, and drafts.

import "./menus.js";
import { saveDraft } from "./drafts.js";
import { hasModifier, isTyping, toggleStarsInPlace } from "./forms.js";

/** Ctrl+Enter saves, Escape leaves the field. */
function addEditorKeys(form) {
  form.elements.body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    if (event.key === "Escape") event.target.blur();
  });
}

function focusEditor(event) {
  const details = event.target;
  if (details.matches?.(".note-edit[open]")) details.querySelector("textarea").focus();
}

const KEYS = {
  s: () => document.querySelector("[data-star] button")?.click(),
  n: () => document.getElementById("new-note")?.focus(),
  t: () => document.querySelector("[data-tag]")?.focus(),
  z: () => document.querySelector(".undo button")?.click(),
};

/** Resolving an edit conflict discards the drafts of the note. */
function discardDrafts(event) {
  const choice = event.target.closest("[data-discards-drafts]");
  if (choice) for (const key of choice.dataset.discardsDrafts.split(" ")) saveDraft(key, null);
}

document.addEventListener("submit", discardDrafts);
document.addEventListener("click", (event) => {
  if (event.target.closest("a")) discardDrafts(event);
});
for (const form of document.querySelectorAll("form[data-draft-key]")) addEditorKeys(form);
document.addEventListener("toggle", focusEditor, true);
document.addEventListener("keydown", (event) => {
  if (hasModifier(event) || isTyping(event.target) || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
toggleStarsInPlace();
