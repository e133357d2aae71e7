/** Inserts strips into the page and restores them when the page re-renders. */

/** @typedef {import("./strip.js").Strip} Strip */

/** How long DOM mutations are batched before strips are placed again, in ms. */
const REDRAW_DELAY = 100;

/**
 * Appends the strip to the card, never between the page's own nodes.
 * @param {HTMLElement} host
 * @param {Element} card
 */
export function placeOnCard(host, card) {
  host.dataset.position = "card";
  if (card.lastElementChild !== host) card.append(host);
}

/**
 * Places the strip above the paper, outside the hydrated element.
 * @param {HTMLElement} host
 */
export function placeOnPaperPage(host) {
  const main = document.querySelector("main");
  if (!main) return;
  host.dataset.position = "paper";
  if (main.firstElementChild !== host) main.prepend(host);
  const title = main.querySelector("h1");
  if (title)
    host.style.setProperty(
      "--start",
      `${title.getBoundingClientRect().left - main.getBoundingClientRect().left}px`,
    );
}

/** Places the strip below the title. @param {HTMLElement} host */
export function placeOnArxiv(host) {
  const title = document.querySelector("#abs h1.title");
  host.dataset.position = "arxiv";
  if (title && title.nextElementSibling !== host) title.after(host);
}

/**
 * Drops strips that are no longer in the document, for example after navigation within the page.
 * @param {Map<string, Strip>} strips
 */
export function forgetDetached(strips) {
  for (const [key, { host }] of strips) if (!host.isConnected) strips.delete(key);
}

/**
 * Calls `placeStrips` now and after every DOM mutation, until the extension is updated or removed.
 * @param {() => void} placeStrips
 * @param {() => boolean} isExtensionAlive
 */
export function watchPage(placeStrips, isExtensionAlive) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const observer = new MutationObserver(schedule);
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-props"],
  });
  addEventListener("popstate", schedule);
  placeStrips();

  function schedule() {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (isExtensionAlive()) placeStrips();
      else observer.disconnect();
    }, REDRAW_DELAY);
  }
}

/**
 * Keeps the host's theme in sync with the page's, which may differ from the system theme.
 * @param {HTMLElement} host
 */
export function followTheme(host) {
  const page = document.documentElement;
  const update = () =>
    host.setAttribute("data-theme", page.classList.contains("dark") ? "dark" : "light");
  new MutationObserver(update).observe(page, { attributes: true, attributeFilter: ["class"] });
  update();
}
