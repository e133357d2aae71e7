// Selecting rows. The bar appears when a row is selected; Shift selects a range. Keys: x, Shift x, Escape,
// z for Undo. Without this module the bar is always shown below the list.

import "./menus.js";
import { hasModifier, isTyping } from "./forms.js";

const main = document.querySelector("main");
/** The checkbox at the start of the range. */
let lastClicked = null;

const checkboxes = () => [...main.querySelectorAll("[data-select]")];

function updateBar() {
  const bar = main.querySelector("[data-bulk]");
  if (!bar) return;
  const rows = checkboxes();
  const count = rows.filter((checkbox) => checkbox.checked).length;
  const all = bar.querySelector("[data-bulk-all]");
  bar.classList.toggle("is-on", count > 0 || Boolean(all?.checked));
  bar.querySelector("[data-bulk-clear]").hidden = false;
  const words = all?.checked
    ? `All ${all.dataset.bulkAll} selected`
    : `${count} of ${rows.length} selected`;
  bar.querySelector("[data-bulk-count]").textContent = words;
}

function clear() {
  for (const box of main.querySelectorAll("[data-select], [data-bulk-all]")) box.checked = false;
  lastClicked = null;
  updateBar();
}

/** Select or deselect a row, or for a range, all rows since the last clicked row. */
function select(checkbox, isChecked, isRange) {
  const rows = checkboxes();
  const to = rows.indexOf(checkbox);
  const from = isRange && rows.includes(lastClicked) ? rows.indexOf(lastClicked) : to;
  for (const each of rows.slice(Math.min(from, to), Math.max(from, to) + 1))
    each.checked = isChecked;
  const all = main.querySelector("[data-bulk-all]");
  if (all && !isChecked) all.checked = false;
  lastClicked = checkbox;
  updateBar();
}

function focusedCheckbox() {
  return document.activeElement?.closest(".row")?.querySelector("[data-select]");
}

function isForMenuOrSearch(event) {
  return document.querySelector("[data-menu][open]") || event.target.matches("#q");
}

main.dataset.selecting = "";
main.addEventListener("click", (event) => {
  const checkbox = event.target.closest("[data-select]");
  if (checkbox) select(checkbox, checkbox.checked, event.shiftKey);
  if (event.target.closest("[data-bulk-clear]")) clear();
});
main.addEventListener("change", (event) => {
  if (!event.target.matches("[data-bulk-all]")) return;
  for (const checkbox of checkboxes()) checkbox.checked = event.target.checked;
  updateBar();
});
document.addEventListener("keydown", (event) => {
  if (hasModifier(event)) return;
  // Enter in a checkbox would press the first button of the bar.
  if (event.key === "Enter" && event.target.matches("[data-select]")) event.preventDefault();
  if (event.key === "Escape" && !isForMenuOrSearch(event)) clear();
  if (isTyping(event.target)) return;
  if (event.key === "z") main.querySelector(".undo button")?.click();
  const checkbox = event.key.toLowerCase() === "x" && focusedCheckbox();
  if (checkbox) select(checkbox, event.shiftKey || !checkbox.checked, event.shiftKey);
});
// Browsers restore checkboxes when the reader goes back to a page.
addEventListener("pageshow", updateBar);
