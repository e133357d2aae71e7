/**
 * Reads the papers on a digest list page from its hydration JSON, or from the visible cards if the
 * JSON is missing or stale.
 */
import { readAddress } from "./digest_address.js";
import { findCards, readCard } from "./digest_cards.js";
import { readHydration } from "./digest_hydration.js";

/**
 * @typedef {import("./digest_cards.js").Card & { facts: import("../types.js").ClipFacts }}
 *   DigestPaper
 * @param {Document} document
 * @param {string} url
 * @returns {DigestPaper[]} in page order
 */
export function readDigest(document, url) {
  const address = readAddress(url);
  const cards = findCards(document);
  const hydrated = readHydration(
    document,
    url,
    address,
    cards.map((card) => card.id),
  );
  return cards.map((card, i) => ({
    ...card,
    facts: hydrated?.get(card.id) ?? readCard(card, i + 1, url, address),
  }));
}
