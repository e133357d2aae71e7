/**
 * Determines the type of digest page from its URL, as of September 2026. On list pages, the URL is
 * the only source that is always up to date.
 */
import { digestId } from "./text.js";

/** @typedef {import("../types.js").DigestKind} DigestKind */

/**
 * `day` is null and `query` is "" if the URL does not contain them.
 * @typedef {{ kind: DigestKind | "paper" | null, day: string | null, query: string, paper: string |
 *   null }} DigestAddress
 */

/**
 * @param {string} url
 * @returns {DigestAddress} with `kind` null for /papers itself and for unrelated pages
 */
export function readAddress(url) {
  const { pathname, searchParams } = new URL(url);
  const query = searchParams.get("q") ?? "";
  const day = dayOf(pathname) ?? (pathname === "/papers" ? searchParams.get("date") : null);
  const paper = digestId(pathname);
  return { kind: kindOf(pathname, query, day, paper), day, query, paper };
}

/** @param {string} path @returns {string | null} */
const dayOf = (path) => /^\/papers\/date\/(\d{4}-\d{2}-\d{2})\/?$/.exec(path)?.[1] ?? null;

/**
 * @param {string} path
 * @param {string} query
 * @param {string | null} day
 * @param {string | null} paper
 * @returns {DigestKind | "paper" | null}
 */
function kindOf(path, query, day, paper) {
  if (paper) return "paper";
  if (day) return "day";
  const listed = /^\/papers\/(week|month|trending)(?:\/|$)/.exec(path)?.[1];
  if (listed) return /** @type {DigestKind} */ (listed);
  return query ? "search" : null;
}
