/** Normalises text, numbers, dates and URLs read from pages. */

/**
 * Normalises text to a single line: collapses whitespace and control characters, and replaces
 * lone surrogates. The server rejects text that contains control characters or lone surrogates.
 * @param {unknown} text
 * @returns {string} "" if `text` is not a string
 */
export const oneLine = (text) =>
  typeof text === "string"
    ? text
        .replace(/[\s\p{Cc}]+/gu, " ")
        .trim()
        .toWellFormed()
    : "";

/** @param {{ textContent: string | null } | null | undefined} node @returns {string} */
export const textOf = (node) => oneLine(node?.textContent ?? "");

/** @param {unknown} value @returns {number | null} the value, or null unless it is an integer >= 0 */
export const naturalNumber = (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? Number(value) : null;

/** @param {unknown} time ISO 8601 @returns {string | null} its date part, YYYY-MM-DD */
export const dateOf = (time) =>
  /^\d{4}-\d{2}-\d{2}/.exec(typeof time === "string" ? time : "")?.[0] ?? null;

/**
 * @param {unknown} url
 * @returns {string} the URL, or "" if the server would reject it, so that an invalid URL does not
 *   prevent the clip
 */
export function webUrl(url) {
  if (
    typeof url !== "string" ||
    url.length > 2048 ||
    /[\s\p{Cc}\\]/u.test(url) ||
    !URL.canParse(url)
  )
    return "";
  const { protocol, username, password } = new URL(url);
  return ["http:", "https:"].includes(protocol) && !username && !password ? url : "";
}

/** @param {string} path of a paper page @returns {string | null} the arXiv id in the path */
export const digestId = (path) => /^\/papers\/(\d{4}\.\d{4,5})(?![\w.])/.exec(path)?.[1] ?? null;

/**
 * @param {string} id an arXiv id without version
 * @returns {string} the key used in the extension, which is also the identifier in the library
 */
export const arxivKey = (id) => `arxiv:${id}`;

/** @returns {import("../types.js").PaperFacts} facts with all fields empty */
export const emptyFacts = () => ({
  title: "",
  abstract: "",
  authors: [],
  author_count: null,
  published: null,
  arxiv_id: "",
  arxiv_version: null,
  doi: "",
  url: "",
  organisation: "",
  keywords: [],
  ai_summary: "",
  thumbnail_url: "",
  code_url: "",
  project_url: "",
});
