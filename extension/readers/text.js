/** Words and numbers as pages print them. Pure. */

/**
 * The text on one line: hard line breaks, runs of blanks and control characters become one blank, half characters are replaced. The library
 * takes nothing else, and no paper should be refused for a stray character.
 * @param {unknown} text
 * @returns {string} "" for what is no text
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

/** @param {unknown} value @returns {number | null} a whole number that is not negative */
export const naturalNumber = (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? Number(value) : null;

/** @param {unknown} time @returns {string | null} the date of an ISO time, YYYY-MM-DD */
export const dateOf = (time) =>
  /^\d{4}-\d{2}-\d{2}/.exec(typeof time === "string" ? time : "")?.[0] ?? null;

/** @param {unknown} url @returns {string} the address if it is one of the web that the library takes, else "": it is not worth losing the clip for */
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

/** @param {string} path @returns {string | null} the arXiv id in the path of a digest's paper link */
export const digestId = (path) => /^\/papers\/(\d{4}\.\d{4,5})(?![\w.])/.exec(path)?.[1] ?? null;

/** @param {string} id an arXiv id without version @returns {string} the name under which a library knows the paper */
export const arxivKey = (id) => `arxiv:${id}`;

/** @returns {import("../types.js").PaperFacts} a paper of which nothing is known yet */
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
