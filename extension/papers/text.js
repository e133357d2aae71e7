/** Words and numbers as pages print them. Pure. */

/** @param {unknown} text @returns {string} on one line: hard line breaks and runs of blanks become one blank; "" for what is no text */
export const oneLine = (text) => (typeof text === "string" ? text.replace(/\s+/g, " ").trim() : "");

/** @param {{ textContent: string | null } | null | undefined} node @returns {string} */
export const wordsOf = (node) => oneLine(node?.textContent ?? "");

/** @param {unknown} value @returns {number | null} a whole number that is not negative */
export const count = (value) => (Number.isInteger(value) && Number(value) >= 0 ? Number(value) : null);

/** @param {unknown} time @returns {string | null} the date of an ISO time, YYYY-MM-DD */
export const dateOf = (time) => /^\d{4}-\d{2}-\d{2}/.exec(typeof time === "string" ? time : "")?.[0] ?? null;

/** @param {unknown} url @returns {string} the address if it is one of the web, else "" */
export function webUrl(url) {
  return typeof url === "string" && /^https?:\/\/[^\s/]+\S*$/.test(url) ? url : "";
}

/** @param {string} path @returns {string | null} the arXiv id in the path of a digest's paper link */
export const digestId = (path) => /^\/papers\/(\d{4}\.\d{4,5})(?![\w.])/.exec(path)?.[1] ?? null;

/** @param {string} id an arXiv id without version @returns {string} the name under which a library knows the paper */
export const arxivKey = (id) => `arxiv:${id}`;

/** @returns {import("../types.js").PaperFacts} a paper of which nothing is known yet */
export const noFacts = () => ({
  title: "", abstract: "", authors: [], author_count: null, published: null, arxiv_id: "", arxiv_version: null, doi: "", url: "",
  organisation: "", keywords: [], ai_summary: "", thumbnail_url: "", code_url: "", project_url: "",
});
