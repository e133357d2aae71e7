/** Reads the papers on a digest list page from its hydration JSON. */
import { firstDigestDay, paperFacts, readProps, upvotes } from "./hydration.js";
import { naturalNumber, dateOf } from "./text.js";

/** @typedef {import("../types.js").DigestKind} DigestKind */

/**
 * Returns a map from paper ids to facts, or null if the JSON is missing or stale. After client-side
 * navigation, it may still describe the previous period.
 * @param {Document} document
 * @param {string} url
 * @param {import("./digest_address.js").DigestAddress} address
 * @param {string[]} visible  ids of the cards
 * @returns {Map<string, import("../types.js").ClipFacts> | null}
 */
export function readHydration(document, url, address, visible) {
  const props = readProps(document, "DailyPapers");
  const items = Array.isArray(props?.dailyPapers)
    ? props.dailyPapers.filter((/** @type {any} */ item) => item?.paper?.id)
    : null;
  if (!items || isStale(props, items, address, visible)) return null;
  const kind = kindOf(props, address);
  return new Map(
    items.map((/** @type {any} */ item, /** @type {number} */ i) => [
      item.paper.id,
      facts(item, i + 1, url, kind, props),
    ]),
  );
}

/**
 * @param {any} props
 * @param {any[]} items
 * @param {import("./digest_address.js").DigestAddress} address
 * @param {string[]} visible
 */
function isStale(props, items, address, visible) {
  const ids = new Set(items.map((item) => item.paper.id));
  const shown = shownDay(props);
  return (
    visible.some((id) => !ids.has(id)) ||
    (address.day && shown && shown !== address.day) ||
    otherPeriod(props, address)
  );
}

/**
 * @param {any} props
 * @param {import("./digest_address.js").DigestAddress} address
 * @returns {boolean}
 */
function otherPeriod(props, { kind, query }) {
  if (kind === "search") return typeof props.query?.q === "string" && props.query.q !== query;
  if (kind === "trending") return props.isTrending === false;
  if (kind && props.isTrending) return true;
  return Boolean(kind && props.periodType && props.periodType !== kind);
}

/**
 * @param {any} props
 * @param {import("./digest_address.js").DigestAddress} address
 * @returns {DigestKind}
 */
function kindOf(props, address) {
  if (address.kind && address.kind !== "paper") return address.kind;
  if (props.isTrending) return "trending";
  return ["day", "week", "month"].includes(props.periodType) ? props.periodType : "day";
}

/**
 * @param {any} props
 * @returns {string | null} the day of the list; pages from 2024 call it `date`
 */
const shownDay = (props) => dateOf(props.dateString) ?? dateOf(props.date);

/**
 * @param {any} item
 * @param {number} rank
 * @param {string} url
 * @param {DigestKind} kind
 * @param {any} props
 * @returns {import("../types.js").ClipFacts}
 */
function facts(item, rank, url, kind, props) {
  const day = kind === "day" ? shownDay(props) : null;
  return {
    source: "data",
    page: { kind: "digest", url },
    digest: { kind, day: day ?? firstDigestDay(item.paper), rank },
    upvotes: upvotes(item.paper),
    comments: naturalNumber(item.numComments),
    paper: paperFacts(item.paper, item),
  };
}
