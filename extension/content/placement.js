/** Where strips are placed on a page, and how they stay there when the page is redrawn. */

/** @typedef {import("./strip.js").Strip} Strip */

/** Redraws come in bursts, ms. */
const REDRAW_DELAY = 100;

/**
 * As the last child of the card, never between the page's own nodes.
 * @param {HTMLElement} host
 * @param {Element} card
 */
export function placeOnCard(host, card) {
  host.dataset.position = "card";
  if (card.lastElementChild !== host) card.append(host);
}

/** Above the paper, outside of the page's island. @param {HTMLElement} host */
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

/** Under the title. @param {HTMLElement} host */
export function placeOnArxiv(host) {
  const title = document.querySelector("#abs h1.title");
  host.dataset.position = "arxiv";
  if (title && title.nextElementSibling !== host) title.after(host);
}

/** Forgets strips that stand nowhere any more: the page shows other papers now. @param {Map<string, Strip>} strips */
export function forgetDetached(strips) {
  for (const [key, { host }] of strips) if (!host.isConnected) strips.delete(key);
}

/**
 * Calls `placeStrips` now and after every redraw or move of the page, until the extension is gone.
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
 * Dark is what the page says it is, not what the system wishes.
 * @param {HTMLElement} host
 */
export function followTheme(host) {
  const page = document.documentElement;
  const update = () =>
    host.setAttribute("data-theme", page.classList.contains("dark") ? "dark" : "light");
  new MutationObserver(update).observe(page, { attributes: true, attributeFilter: ["class"] });
  update();
}
