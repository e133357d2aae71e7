/** Reads the hydration JSON of digest pages and converts the papers in it. */
import { naturalNumber, dateOf, emptyFacts, oneLine, webUrl } from "./text.js";

/**
 * @param {Document} document
 * @param {string} island the element's `data-target`
 * @returns {any} the element's props, or null if they are missing or invalid
 */
export function readProps(document, island) {
  const text = document.querySelector(`[data-target="${island}"]`)?.getAttribute("data-props");
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * Converts a paper. Hidden authors are counted but not listed, as on the site.
 * @param {any} paper
 * @param {{ organization?: any, thumbnail?: any }} listItem  the list item that contains the paper
 * @returns {import("../types.js").PaperFacts}
 */
export function paperFacts(paper, listItem = {}) {
  /** @type {any[]} */
  const authors = Array.isArray(paper.authors) ? paper.authors : [];
  const organisation = paper.organization ?? listItem.organization;
  return {
    ...emptyFacts(),
    title: oneLine(paper.title),
    abstract: oneLine(paper.summary),
    authors: authors
      .filter((author) => !author.hidden)
      .map((author) => oneLine(author.name))
      .filter(Boolean),
    author_count: authors.length || null,
    published: dateOf(paper.publishedAt),
    arxiv_id: oneLine(paper.id),
    organisation: oneLine(organisation?.fullname) || oneLine(organisation?.name),
    keywords: (Array.isArray(paper.ai_keywords) ? paper.ai_keywords : [])
      .map(oneLine)
      .filter(Boolean)
      .slice(0, 100),
    ai_summary: oneLine(paper.ai_summary),
    thumbnail_url: webUrl(listItem.thumbnail),
    code_url: webUrl(paper.githubRepo),
    project_url: webUrl(paper.projectPage),
  };
}

/** @param {any} paper @returns {string | null} the day the paper first appeared in the digest */
export const firstDigestDay = (paper) => dateOf(paper.submittedOnDailyAt);

/** @param {any} paper @returns {number | null} */
export const upvotes = (paper) => naturalNumber(paper.upvotes);
