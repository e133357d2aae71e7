// The library: results as one types, and the list by keyboard. Without this module the same form loads the page.

import { isTyping, pressStarsInPlace } from "./forms.js";

const DELAY = 150;
/** A filter is wrong until it is typed to its end: only who stops there wants to hear of it. */
const PATIENCE = 700;
const form = document.querySelector("[data-search]");
const input = form.elements.q;
const said = document.querySelector("[data-search-status]");
let timer = 0;
let asking = new AbortController();

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

function address(asked) {
  return asked.size ? `/?${asked}` : "/";
}

async function ask() {
  const asked = query();
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  part("results").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`/?${asked}&part=results`, { signal });
    if (!answer.ok || answer.redirected) return location.assign(address(asked));
    // Our own server's page, escaped there; the policy lets no script in it run.
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (found.querySelector("#q-error")) await pause(PATIENCE);
    if (signal.aborted) return;
    show(found, asked);
  } catch (error) {
    if (error.name === "AbortError") return;
    said.textContent = "The server did not answer. Is it running?";
  }
  part("results").removeAttribute("aria-busy");
}

function show(found, asked) {
  for (const { id } of part("facets").querySelectorAll("details[open]")) {
    found.getElementById(id)?.setAttribute("open", "");
  }
  for (const name of ["facets", "results"])
    part(name).replaceChildren(...part(name, found).childNodes);
  document.querySelector(".undo")?.remove();
  const isWrong = Boolean(part("results").querySelector("#q-error"));
  input.ariaInvalid = String(isWrong);
  input.setAttribute("aria-describedby", isWrong ? "q-error" : "");
  history.replaceState(null, "", address(asked));
  const q = asked.get("q");
  document.title = `${q ? `${q}: your library` : "Your library"} - Paperclipper`;
  said.textContent = part("results").querySelector("[data-count]")?.textContent ?? "";
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, DELAY);
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
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === input && (event.key === "ArrowDown" || event.key === "Escape")) {
    event.preventDefault();
    if (event.key === "Escape") input.blur();
    else move(1);
  } else if (!isTyping(event.target) && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

// A search that cannot be read: the caret goes to the place.
const place = document.querySelector("#q-error .error-position span");
if (place) {
  input.focus();
  input.setSelectionRange(place.textContent.length, place.textContent.length + 1);
}

pressStarsInPlace();
