// Highlighting the selection in the abstract, and going from a highlight to its note. Without this module,
// words are typed into the form below the abstract.

import { hasModifier, isTyping } from "./forms.js";

const SELECTION_DELAY = 150;
const abstract = document.querySelector("[data-abstract]");
const bar = document.querySelector("[data-highlight-bar]");
const status = document.querySelector("[data-highlight-status]");
const details = document.querySelector("[data-highlight-form]");
let timer = 0;
let isPressing = false;

/** The length in code points, the unit used by the server. */
const codePoints = (text) => [...text].length;

/** The source position, in the abstract, of a selection boundary within plain text. */
function sourceOffset(piece, node, offset) {
  const before = document.createRange();
  before.setStart(piece, 0);
  before.setEnd(node, offset);
  return Number(piece.dataset.at) + codePoints(before.toString());
}

function covered(piece, range) {
  const at = Number(piece.dataset.at);
  if (piece.dataset.to) return [at, Number(piece.dataset.to)];
  const { startContainer, startOffset, endContainer, endOffset } = range;
  return [
    piece.contains(startContainer) ? sourceOffset(piece, startContainer, startOffset) : at,
    piece.contains(endContainer)
      ? sourceOffset(piece, endContainer, endOffset)
      : at + codePoints(piece.textContent),
  ];
}

/** The part of the source that the range covers, in code points. Formulas and links are included whole. */
function sourceRange(range) {
  let start = Infinity;
  let end = -Infinity;
  for (const piece of abstract.querySelectorAll("[data-at]")) {
    if (!range.intersectsNode(piece)) continue;
    const [from, to] = covered(piece, range);
    if (from >= to) continue;
    start = Math.min(start, from);
    end = Math.max(end, to);
  }
  return start < end ? { start, end } : null;
}

/** The selection, if it is in the abstract and not blank. */
function currentSelection() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const quote = selection.toString().trim();
  if (!quote || !abstract.contains(range.commonAncestorContainer)) return null;
  const found = sourceRange(range);
  return found && { ...found, quote, range };
}

function fill(form, { start, end, quote }) {
  form.elements.start.value = start;
  form.elements.end.value = end;
  form.elements.quote.value = quote;
}

/** Place the bar below the end of the selection, within the page. */
function placeBar(range) {
  const frame = bar.offsetParent.getBoundingClientRect();
  const last = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
  const most = Math.max(0, frame.width - bar.offsetWidth);
  bar.style.left = `${Math.min(Math.max(last.right - frame.left - bar.offsetWidth / 2, 0), most)}px`;
  bar.style.top = `${last.bottom - frame.top + 8}px`;
}

function updateBar() {
  const found = isPressing || !bar ? null : currentSelection();
  if (!found) {
    if (bar && !bar.contains(document.activeElement)) hideBar();
    return;
  }
  fill(bar, found);
  const isNew = bar.hidden;
  bar.hidden = false;
  placeBar(found.range);
  if (isNew) status.textContent = "Press h to highlight the selection.";
}

function hideBar() {
  bar.hidden = true;
  status.textContent = "";
}

function openForm() {
  const { start, end, quote } = bar.elements;
  const isSelected = !bar.hidden;
  details.open = true;
  const form = details.querySelector("form");
  if (isSelected) fill(form, { start: start.value, end: end.value, quote: quote.value });
  hideBar();
  form.elements[isSelected ? "body" : "quote"].focus();
}

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(updateBar, SELECTION_DELAY);
});
document.addEventListener("pointerdown", (event) => {
  isPressing = !bar?.contains(event.target);
});
document.addEventListener("pointerup", () => {
  isPressing = false;
  clearTimeout(timer);
  timer = setTimeout(updateBar, 0);
});

addEventListener("resize", updateBar);

if (bar) {
  // Pressing a button must not clear the selection before it is used.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.querySelector("[data-with-note]").addEventListener("click", openForm);
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    getSelection().removeAllRanges();
    hideBar();
    abstract.closest("main").focus();
  });
  // Edited words no longer match the selected position.
  details.querySelector("[name=quote]").addEventListener("input", (event) => {
    event.target.form.elements.start.value = event.target.form.elements.end.value = "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "h" || hasModifier(event) || isTyping(event.target)) return;
    event.preventDefault();
    updateBar();
    if (bar.hidden) openForm();
    else bar.querySelector("button").focus();
  });
}

abstract?.addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-mark]");
  if (!mark || event.target.closest("a") || !getSelection().isCollapsed) return;
  location.hash = `note-${mark.dataset.mark}`;
});
