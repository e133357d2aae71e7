/** Reads the paper on an arXiv abstract page from its citation meta tags. */
import { arxivKey, emptyFacts, oneLine, textOf } from "./text.js";

/**
 * @param {Document} document
 * @param {string} url
 * @returns {import("../types.js").PagePaper | null}
 */
export function readArxivPage(document, url) {
  const id = meta(document, "citation_arxiv_id");
  const title = meta(document, "citation_title");
  if (!id || !title) return null;
  const authors = metas(document, "citation_author").map(firstNameFirst);
  const paper = {
    ...emptyFacts(),
    title,
    authors,
    arxiv_id: id,
    abstract: meta(document, "citation_abstract"),
    author_count: authors.length || null,
    published: published(meta(document, "citation_date")),
    arxiv_version: version(document, url),
    doi: meta(document, "citation_doi"),
  };
  return {
    key: arxivKey(id),
    facts: {
      source: "data",
      page: { kind: "arxiv", url },
      digest: null,
      upvotes: null,
      comments: null,
      paper,
    },
  };
}

/** @param {Document} document @param {string} name @returns {string[]} */
const metas = (document, name) =>
  [...document.querySelectorAll(`meta[name="${name}"]`)]
    .map((tag) => oneLine(tag.getAttribute("content")))
    .filter(Boolean);

/** @param {Document} document @param {string} name @returns {string} */
const meta = (document, name) => metas(document, name)[0] ?? "";

/** @param {string} name in arXiv's "Last, First" format @returns {string} */
function firstNameFirst(name) {
  const [last, ...rest] = name.split(", ");
  return rest.length ? `${rest.join(", ")} ${last}` : name;
}

/** @param {string} date of the first version, YYYY/MM/DD @returns {string | null} */
const published = (date) => (/^\d{4}\/\d{2}\/\d{2}$/.test(date) ? date.replaceAll("/", "-") : null);

/**
 * @param {Document} document
 * @param {string} url
 * @returns {number | null} the version in the URL, otherwise the latest version listed
 */
function version(document, url) {
  const inAddress = /v(\d+)\/?$/.exec(new URL(url).pathname);
  if (inAddress) return Number(inAddress[1]);
  const listed = [...textOf(document.querySelector(".submission-history")).matchAll(/\[v(\d+)\]/g)];
  return listed.length ? Math.max(...listed.map((match) => Number(match[1]))) : null;
}
