// The open paper: what is typed into a note is kept in this browser until it is saved; keys; stars in place.

import "./menus.js";
import { isTyping, pressStarsInPlace } from "./forms.js";

const PREFIX = "draft:";
const SENT = "draft-sent";

function keep(key, text) {
  try {
    if (text) localStorage.setItem(PREFIX + key, text);
    else localStorage.removeItem(PREFIX + key);
    return true;
  } catch {
    return false;
  }
}

function kept(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** A draft is dropped only when the page shows that its text was saved, and no other tab has written on since. */
function dropWhatArrived() {
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
  const saved = sent && document.getElementById(`body-${sent.note}`)?.defaultValue;
  sessionStorage.removeItem(SENT);
  if (sent && saved?.trim() === sent.text.trim() && kept(sent.key) === sent.text) keep(sent.key, "");
}

function follow(form) {
  const key = form.dataset.note;
  const body = form.elements.body;
  const line = form.querySelector("[data-draft]");
  const cancel = form.querySelector("[data-cancel]");
  const draft = kept(key);
  if (draft && draft !== body.defaultValue.trim()) {
    body.value = draft;
    line.textContent = "Not saved yet: this is your draft.";
    form.closest("details")?.setAttribute("open", "");
  }
  cancel.hidden = !form.closest("details") && !body.value;
  body.addEventListener("input", () => {
    const changed = body.value !== body.defaultValue;
    cancel.hidden = !form.closest("details") && !changed;
    line.textContent = keep(key, changed ? body.value : "") ? (changed ? "Draft kept in this browser" : "") : "";
  });
  body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    if (event.key === "Escape") body.blur();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    const note = form.elements.id?.value ?? key;
    sessionStorage.setItem(SENT, JSON.stringify({ key, note, text: body.value }));
  });
  form.addEventListener("reset", () => {
    keep(key, "");
    line.textContent = "";
    const details = form.closest("details");
    details?.removeAttribute("open");
    details?.querySelector("summary")?.focus();
    cancel.hidden = !details;
  });
}

function openEditor(event) {
  const details = event.target;
  if (details.matches?.(".note-edit[open]")) details.querySelector("textarea").focus();
}

const KEYS = {
  s: () => document.querySelector("[data-star] button")?.click(),
  n: () => document.getElementById("new-note")?.focus(),
  t: () => document.querySelector("[data-tag]")?.focus(),
  z: () => document.querySelector(".undo button")?.click(),
};

/** Where two texts of one note are shown, choosing settles the draft. */
function settle(event) {
  const choice = event.target.closest("[data-settles]");
  if (choice) for (const key of choice.dataset.settles.split(" ")) keep(key, "");
}

dropWhatArrived();
document.addEventListener("submit", settle);
document.addEventListener("click", (event) => {
  if (event.target.closest("a")) settle(event);
});
for (const form of document.querySelectorAll("form[data-note]")) follow(form);
document.addEventListener("toggle", openEditor, true);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
pressStarsInPlace();
