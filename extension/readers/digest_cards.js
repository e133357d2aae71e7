/**
 * Finds the visible cards of a digest list and reads the little that they show. What a card does
 * not show stays empty.
 */
import { arxivKey, naturalNumber, digestId, emptyFacts, textOf } from "./text.js";

/** @typedef {{ id: string, key: string, card: Element }} Card */

/**
 * Finds each paper's first card. Trending prints a card twice in one article, and a page may list a
 * paper twice.
 * @param {Document | Element} root
 * @returns {Card[]} in the order of the page
 */
export function findCards(root) {
  /** @type {Map<string, Card>} */
  const cards = new Map();
  for (const card of root.querySelectorAll("main article")) {
    const id = digestId(titleLink(card)?.getAttribute("href") ?? "");
    if (id && !cards.has(id)) cards.set(id, { id, key: arxivKey(id), card });
  }
  return [...cards.values()];
}

/** @param {Element} card */
const titleLink = (card) => card.querySelector('h3 a[href^="/papers/"]');

/**
 * @param {Card} card
 * @param {number} rank
 * @param {string} url
 * @param {import("./digest_address.js").DigestAddress} address
 * @returns {import("../types.js").ClipFacts}
 */
export function readCard({ id, card }, rank, url, address) {
  const kind = address.kind === "paper" ? null : address.kind;
  return {
    source: "card",
    page: { kind: "digest", url },
    digest: kind && { kind, day: address.day, rank },
    upvotes: votes(card),
    comments: comments(card, kind),
    paper: {
      ...emptyFacts(),
      arxiv_id: id,
      title: textOf(titleLink(card)),
      organisation: organisation(card),
      author_count: authorCount(card),
    },
  };
}

/** @param {Element} card @returns {number | null} 0 if the card shows "-" */
function votes(card) {
  const box =
    [...card.querySelectorAll('input[type="checkbox"] ~ div')].at(-1) ??
    card.querySelector('[role="checkbox"]');
  const words = textOf(box).replace(/^upvote\s*/i, "");
  return words === "-" ? 0 : wholeNumber(words);
}

/**
 * @param {Element} card
 * @param {string | null} kind
 * @returns {number | null} 0 if the card shows none; null on trending, which never shows any
 */
function comments(card, kind) {
  const link = card.querySelector('a[href$="#community"]');
  if (link) return wholeNumber(textOf(link));
  return kind === "trending" ? null : 0;
}

/**
 * @param {Element} card
 * @returns {string} from the link to its page, which is one level below the root
 */
function organisation(card) {
  const links = titleLink(card)?.closest("h3")?.parentElement?.querySelectorAll("a[href]") ?? [];
  return textOf(
    [...links].find(
      (link) => /^\/[\w.-]+$/.test(link.getAttribute("href") ?? "") && !link.closest("li"),
    ),
  );
}

/** @param {Element} card @returns {number | null} */
function authorCount(card) {
  for (const item of card.querySelectorAll("li")) {
    const match = /(\d+)\s+authors?\b/.exec(textOf(item));
    if (match) return Number(match[1]);
  }
  return null;
}

/** @param {string} words @returns {number | null} null for a rounded number ("3.2k") */
const wholeNumber = (words) => (/^\d+$/.test(words) ? naturalNumber(Number(words)) : null);
