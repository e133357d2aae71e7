/** Reads the paper on one of the digest's paper pages. */
import { firstDigestDay, paperFacts, readProps, upvotes } from "./hydration.js";
import { arxivKey, naturalNumber, digestId, emptyFacts, textOf } from "./text.js";

/**
 * @param {Document} document
 * @param {string} url
 * @returns {import("../types.js").PagePaper | null}
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
  const day = firstDigestDay(paper);
  return {
    source: "data",
    page: { kind: "paper", url },
    digest: day ? { kind: "day", day, rank: naturalNumber(props.dailyPaperRank) || null } : null,
    upvotes: upvotes(paper),
    comments: comments(props.comments),
    paper: paperFacts(paper, props),
  };
}

/**
 * @param {any} list
 * @returns {number | null} the number of comments, excluding events such as "locked"
 */
const comments = (list) =>
  Array.isArray(list) ? list.filter((entry) => entry?.type === "comment").length : null;

/**
 * @param {Document} document
 * @param {string} url
 * @param {string} id
 * @returns {import("../types.js").ClipFacts}
 */
const visibleFacts = (document, url, id) => ({
  source: "card",
  page: { kind: "paper", url },
  digest: null,
  upvotes: null,
  comments: null,
  paper: { ...emptyFacts(), arxiv_id: id, title: textOf(document.querySelector("main h1")) },
});
