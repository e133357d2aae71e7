/** Cleans up texts and numbers from pages. */

/**
 * Puts a text on one line: line breaks, runs of white space and control characters become one
 * space, and unpaired surrogates are replaced. The library refuses texts that contain these.
 * @param {unknown} text
 * @returns {string} "" if it is not a string
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

/** @param {unknown} value @returns {number | null} the value if it is a natural number */
export const naturalNumber = (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? Number(value) : null;

/** @param {unknown} time @returns {string | null} the date part of an ISO time, YYYY-MM-DD */
export const dateOf = (time) =>
  /^\d{4}-\d{2}-\d{2}/.exec(typeof time === "string" ? time : "")?.[0] ?? null;

/**
 * @param {unknown} url
 * @returns {string} the URL if the library would accept it, else "", so that the rest can be
 *   clipped
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

/** @param {string} path @returns {string | null} the arXiv id in the path of a paper's page */
export const digestId = (path) => /^\/papers\/(\d{4}\.\d{4,5})(?![\w.])/.exec(path)?.[1] ?? null;

/**
 * @param {string} id an arXiv id without version
 * @returns {string} the paper's key in the extension and identifier in the library
 */
export const arxivKey = (id) => `arxiv:${id}`;

/** @returns {import("../types.js").PaperFacts} the facts of a paper about which nothing is known */
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
