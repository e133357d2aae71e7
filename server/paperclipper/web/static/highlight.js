// Highlighting what is selected in the abstract, and going from a mark to its note. Without this module, the form below
// the abstract takes the words themselves.

import { isTyping } from "./forms.js";

const CALM = 150;
const abstract = document.querySelector("[data-abstract]");
const bar = document.querySelector("[data-highlight-bar]");
const said = document.querySelector("[data-highlight-status]");
const full = document.querySelector("[data-highlight-form]");
let timer = 0;
let isPressing = false;

/** Characters as the server counts them: code points. */
const length = (text) => [...text].length;

/** Where in the abstract's source a boundary of the selection stands that lies in a piece of plain text. */
function within(piece, node, offset) {
  const before = document.createRange();
  before.setStart(piece, 0);
  before.setEnd(node, offset);
  return Number(piece.dataset.at) + length(before.toString());
}

/** What of the source the range covers, in code points; a formula or address that it touches counts whole. */
function stretch(range) {
  let start = Infinity;
  let end = -Infinity;
  for (const piece of abstract.querySelectorAll("[data-at]")) {
    if (!range.intersectsNode(piece)) continue;
    const at = Number(piece.dataset.at);
    let from = at;
    let to = Number(piece.dataset.to ?? at + length(piece.textContent));
    if (!piece.dataset.to) {
      if (piece.contains(range.startContainer))
        from = within(piece, range.startContainer, range.startOffset);
      if (piece.contains(range.endContainer))
        to = within(piece, range.endContainer, range.endOffset);
    }
    if (from >= to) continue;
    start = Math.min(start, from);
    end = Math.max(end, to);
  }
  return start < end ? { start, end } : null;
}

/** The selection, if it lies in the abstract and has words. */
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const quote = selection.toString().trim();
  if (!quote || !abstract.contains(range.commonAncestorContainer)) return null;
  const found = stretch(range);
  return found && { ...found, quote, range };
}

function fill(form, { start, end, quote }) {
  form.elements.start.value = start;
  form.elements.end.value = end;
  form.elements.quote.value = quote;
}

/** Below the end of the selection, within the page's width. */
function place(range) {
  const frame = bar.offsetParent.getBoundingClientRect();
  const last = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
  const most = Math.max(0, frame.width - bar.offsetWidth);
  bar.style.left = `${Math.min(Math.max(last.right - frame.left - bar.offsetWidth / 2, 0), most)}px`;
  bar.style.top = `${last.bottom - frame.top + 8}px`;
}

function look() {
  const found = isPressing || !bar ? null : selected();
  if (!found) {
    if (bar && !bar.contains(document.activeElement)) hide();
    return;
  }
  fill(bar, found);
  const isNew = bar.hidden;
  bar.hidden = false;
  place(found.range);
  if (isNew) said.textContent = "Press h to highlight what is selected.";
}

function hide() {
  bar.hidden = true;
  said.textContent = "";
}

function openFull() {
  const { start, end, quote } = bar.elements;
  const isSelected = !bar.hidden;
  full.open = true;
  const form = full.querySelector("form");
  if (isSelected) fill(form, { start: start.value, end: end.value, quote: quote.value });
  hide();
  form.elements[isSelected ? "body" : "quote"].focus();
}

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(look, CALM);
});
document.addEventListener("pointerdown", (event) => {
  isPressing = !bar?.contains(event.target);
});
document.addEventListener("pointerup", () => {
  isPressing = false;
  clearTimeout(timer);
  timer = setTimeout(look, 0);
});

addEventListener("resize", look);

if (bar) {
  // Pressing a button must not take the selection away before it is used.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.querySelector("[data-with-note]").addEventListener("click", openFull);
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    getSelection().removeAllRanges();
    hide();
    abstract.closest("main").focus();
  });
  // Words that are typed anew are no longer those that were selected.
  full.querySelector("[name=quote]").addEventListener("input", (event) => {
    event.target.form.elements.start.value = event.target.form.elements.end.value = "";
  });
  document.addEventListener("keydown", (event) => {
    if (
      event.key !== "h" ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isTyping(event.target)
    )
      return;
    event.preventDefault();
    look();
    if (bar.hidden) openFull();
    else bar.querySelector("button").focus();
  });
}

abstract?.addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-mark]");
  if (!mark || event.target.closest("a") || !getSelection().isCollapsed) return;
  location.hash = `note-${mark.dataset.mark}`;
});
