/**
 * Finds the visible cards on a digest list page and reads the few facts they show. All other facts
 * are left empty.
 */
import { arxivKey, naturalNumber, digestId, emptyFacts, textOf } from "./text.js";

/** @typedef {{ id: string, key: string, card: Element }} Card */

/**
 * Finds the first card of each paper. The trending page renders each card twice within one article,
 * and a page may list a paper more than once.
 * @param {Document | Element} root
 * @returns {Card[]} in page order
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
 * @returns {number | null} 0 if the card shows no count; null on the trending page, which never does
 */
function comments(card, kind) {
  const link = card.querySelector('a[href$="#community"]');
  if (link) return wholeNumber(textOf(link));
  return kind === "trending" ? null : 0;
}

/**
 * @param {Element} card
 * @returns {string} the text of the link to the organisation's page, which has a one-segment path
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
