/** The one paper of a digest's paper page. Pure. */
import { digestDay, paperFacts, readProps, upvotes } from "./hydration.js";
import { arxivKey, count, digestId, noFacts, wordsOf } from "./text.js";

/**
 * @param {Document} document
 * @param {string} url
 * @returns {import("../types.js").PaperHere | null}
 */
export function readPaperPage(document, url) {
  const id = digestId(new URL(url).pathname);
  if (!id) return null;
  const props = readProps(document, "PaperContent");
  const facts = props?.paper?.id === id ? dataFacts(props, url) : visibleFacts(document, url, id);
  return facts.paper.title ? { key: arxivKey(id), facts } : null;
}

/** @param {any} props @param {string} url @returns {import("../types.js").ClipFacts} */
function dataFacts(props, url) {
  const { paper } = props;
  const day = digestDay(paper);
  return {
    source: "data",
    page: { kind: "paper", url },
    digest: day ? { kind: "day", day, rank: count(props.dailyPaperRank) || null } : null,
    upvotes: upvotes(paper),
    comments: comments(props.comments),
    paper: paperFacts(paper, props),
  };
}

/** @param {any} list @returns {number | null} events such as "locked" stand in the same list */
const comments = (list) =>
  Array.isArray(list) ? list.filter((entry) => entry?.type === "comment").length : null;

/** @param {Document} document @param {string} url @param {string} id @returns {import("../types.js").ClipFacts} */
const visibleFacts = (document, url, id) => ({
  source: "card",
  page: { kind: "paper", url },
  digest: null,
  upvotes: null,
  comments: null,
  paper: { ...noFacts(), arxiv_id: id, title: wordsOf(document.querySelector("main h1")) },
});
