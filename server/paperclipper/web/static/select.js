// Selecting rows: the bar shows itself when something is ticked; Shift ticks a stretch; x, Shift x and Escape by
// key; z undoes.
// Without this module the bar stands under the list, and works.

import "./menus.js";
import { isTyping } from "./forms.js";

const main = document.querySelector("main");
/** The tick that a stretch begins at. */
let last = null;

const ticks = () => [...main.querySelectorAll("[data-select]")];

function show() {
  const bar = main.querySelector("[data-bulk]");
  if (!bar) return;
  const every = ticks();
  const count = every.filter((tick) => tick.checked).length;
  const all = bar.querySelector("[data-bulk-all]");
  bar.classList.toggle("is-on", count > 0 || Boolean(all?.checked));
  bar.querySelector("[data-bulk-clear]").hidden = false;
  const words = all?.checked
    ? `All ${all.dataset.bulkAll} selected`
    : `${count} of ${every.length} selected`;
  bar.querySelector("[data-bulk-count]").textContent = words;
}

function clear() {
  for (const box of main.querySelectorAll("[data-select], [data-bulk-all]")) box.checked = false;
  last = null;
  show();
}

/** Tick a row as it is wished; with Shift, all from the last one to it. */
function choose(tick, isTicked, isStretch) {
  const every = ticks();
  const from = isStretch && every.includes(last) ? every.indexOf(last) : every.indexOf(tick);
  const to = every.indexOf(tick);
  for (const each of every.slice(Math.min(from, to), Math.max(from, to) + 1))
    each.checked = isTicked;
  const all = main.querySelector("[data-bulk-all]");
  if (all && !isTicked) all.checked = false;
  last = tick;
  show();
}

function here() {
  return document.activeElement?.closest(".row")?.querySelector("[data-select]");
}

main.dataset.selecting = "";
main.addEventListener("click", (event) => {
  const tick = event.target.closest("[data-select]");
  if (tick) choose(tick, tick.checked, event.shiftKey);
  if (event.target.closest("[data-bulk-clear]")) clear();
});
main.addEventListener("change", (event) => {
  if (!event.target.matches("[data-bulk-all]")) return;
  for (const tick of ticks()) tick.checked = event.target.checked;
  show();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // Enter in a tick would press the bar's first button.
  if (event.key === "Enter" && event.target.matches("[data-select]")) event.preventDefault();
  if (
    event.key === "Escape" &&
    !document.querySelector("[data-menu][open]") &&
    !event.target.matches("#q")
  )
    clear();
  if (isTyping(event.target)) return;
  if (event.key === "z") main.querySelector(".undo button")?.click();
  const tick = event.key.toLowerCase() === "x" && here();
  if (tick) choose(tick, event.shiftKey || !tick.checked, event.shiftKey);
});
// A page that the browser kept shows its ticks again.
addEventListener("pageshow", show);
