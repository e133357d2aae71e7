// The library: results as one types, and the list by keyboard. Without this module the same form loads the page.

import { isTyping, pressStarsInPlace } from "./forms.js";

const DELAY = 150;
const form = document.querySelector("[data-search]");
const input = form.elements.q;
const results = document.querySelector("[data-results]");
const said = document.querySelector("[data-said]");
let timer = 0;
let asking = new AbortController();

function address(q) {
  return q ? `/?${new URLSearchParams({ q })}` : "/";
}

async function ask() {
  const q = input.value.trim();
  asking.abort();
  asking = new AbortController();
  results.setAttribute("aria-busy", "true");
  try {
    const query = new URLSearchParams({ q, part: "results" });
    const answer = await fetch(`/?${query}`, { signal: asking.signal });
    if (!answer.ok || answer.redirected) return location.assign(address(q));
    show(await answer.text(), q);
  } catch (error) {
    if (error.name === "AbortError") return;
    said.textContent = "The server did not answer. Is it running?";
  }
  results.removeAttribute("aria-busy");
}

function show(html, q) {
  // Our own server's page, escaped there; the policy lets no script in it run.
  results.innerHTML = html;
  document.querySelector(".undo")?.remove();
  history.replaceState(null, "", address(q));
  document.title = `${q ? `${q}: your library` : "Your library"} - Paperclipper`;
  said.textContent = results.querySelector("[data-count]")?.textContent ?? "";
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, DELAY);
});

function titles() {
  return [...results.querySelectorAll(".row-title a")];
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

pressStarsInPlace();
