// The library page: live results and keyboard shortcuts. Without this module, the form loads the page.

import { hasModifier, isTyping, toggleStarsInPlace } from "./forms.js";

const TYPING_DELAY = 150;
/** An incomplete filter is invalid, so an error is shown only after a pause. */
const ERROR_DELAY = 700;
const form = document.querySelector("[data-search]");
const input = form.elements.q;
const status = document.querySelector("[data-search-status]");
let timer = 0;
let pending = new AbortController();

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function part(name, within = document) {
  return within.querySelector(`[data-part="${name}"]`);
}

function query() {
  const q = input.value.trim();
  return new URLSearchParams({
    ...(q && { q }),
    ...(form.elements.sort && { sort: form.elements.sort.value }),
  });
}

function address(params) {
  return params.size ? `/?${params}` : "/";
}

async function search() {
  const params = query();
  pending.abort();
  pending = new AbortController();
  const { signal } = pending;
  part("results").setAttribute("aria-busy", "true");
  try {
    const response = await fetch(`/?${params}&part=results`, { signal });
    if (!response.ok || response.redirected) return location.assign(address(params));
    // The HTML is from our own server, which escapes it. The content security policy blocks inline scripts.
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    if (found.querySelector("#q-error")) await pause(ERROR_DELAY);
    if (signal.aborted) return;
    show(found, params);
  } catch (error) {
    if (error.name === "AbortError") return;
    status.textContent = "The server is not responding. Is it running?";
  }
  part("results").removeAttribute("aria-busy");
}

function show(found, params) {
  for (const { id } of part("facets").querySelectorAll("details[open]")) {
    found.getElementById(id)?.setAttribute("open", "");
  }
  for (const name of ["facets", "results"])
    part(name).replaceChildren(...part(name, found).childNodes);
  document.querySelector(".undo")?.remove();
  const isWrong = Boolean(part("results").querySelector("#q-error"));
  input.ariaInvalid = String(isWrong);
  input.setAttribute("aria-describedby", isWrong ? "q-error" : "");
  history.replaceState(null, "", address(params));
  const q = params.get("q");
  document.title = `${q ? `${q}: your library` : "Your library"} - Paperclipper`;
  status.textContent = part("results").querySelector("[data-count]")?.textContent ?? "";
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, TYPING_DELAY);
});

function titles() {
  return [...part("results").querySelectorAll(".row-title a")];
}

function move(step) {
  const all = titles();
  const here = all.indexOf(document.activeElement?.closest(".row")?.querySelector(".row-title a"));
  const next = all[here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1)];
  next?.focus({ focusVisible: true });
}

const KEYS = {
  "/": () => input.select(),
  j: () => move(1),
  k: () => move(-1),
  s: () => document.activeElement?.closest(".row")?.querySelector("[data-star] button")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (hasModifier(event)) return;
  if (event.target === input && (event.key === "ArrowDown" || event.key === "Escape")) {
    event.preventDefault();
    if (event.key === "Escape") input.blur();
    else move(1);
  } else if (!isTyping(event.target) && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

// In an invalid search, select the invalid character.
const errorPosition = document.querySelector("#q-error .error-position span");
if (errorPosition) {
  input.focus();
  input.setSelectionRange(errorPosition.textContent.length, errorPosition.textContent.length + 1);
}

toggleStarsInPlace();
