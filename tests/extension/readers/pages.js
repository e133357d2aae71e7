/** Invented pages of the digest and of arXiv, built by `digest_pages`, and saved real ones. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseHTML } from "linkedom";

export const DAY_URL = "https://huggingface.co/papers/date/2026-03-09";

const TESTS = new URL("../../", import.meta.url).pathname;
const SAVED = new URL("../../../../shared/data/", import.meta.url);

const parse = (html) => parseHTML(html).document;

/** @param {string} name in `digest_pages.pages.PAGES` @returns {any} the document */
export const openPage = (name) =>
  parse(execFileSync("python3", ["-m", "digest_pages", name], { cwd: TESTS, encoding: "utf8" }));

/** @param {string} path @returns {any} the document; null if the saved page is missing */
export function openSavedPage(path) {
  const file = new URL(path, SAVED);
  return existsSync(file) ? parse(readFileSync(file, "utf8")) : null;
}

/** @param {any} document of a digest list @returns {any} the element that has the page's data */
export const island = (document) => document.querySelector('[data-target="DailyPapers"]');

/** @param {any} document @returns {any} the data of a digest list */
export const pageData = (document) => JSON.parse(island(document).getAttribute("data-props"));

/** @param {any} document @param {any} data */
export const setPageData = (document, data) =>
  island(document).setAttribute("data-props", JSON.stringify(data));
