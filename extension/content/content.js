/**
 * Adds a strip to every paper that the page shows, and keeps it there while the page changes. Uses
 * the page and the background, never the server.
 */
import { isExtensionAlive, onMessage } from "../browser.js";
import { request } from "../messages.js";
import { readArxivPage } from "../readers/arxiv_page.js";
import { readAddress } from "../readers/digest_address.js";
import { findCards } from "../readers/digest_cards.js";
import { readDigest } from "../readers/digest_page.js";
import { readPaperPage } from "../readers/paper_page.js";
import { pageIdle } from "./page_idle.js";
import {
  forgetDetached,
  placeOnArxiv,
  placeOnCard,
  placeOnPaperPage,
  watchPage,
} from "./placement.js";
import { Strip } from "./strip.js";

/** @typedef {import("../types.js").PagePaper} PagePaper */

/** The strips by paper. @type {Map<string, Strip>} */
const strips = new Map();

/** The stubs that this page has filled or tried to fill. @type {Set<string>} */
const filledStubs = new Set();

const isArxiv = location.hostname === "arxiv.org";
const isSinglePaper = () => isArxiv || readAddress(location.href).kind === "paper";

/** @returns {PagePaper | null} the paper of a page about one paper */
const singlePaper = () =>
  isArxiv ? readArxivPage(document, location.href) : readPaperPage(document, location.href);

/** @returns {PagePaper[]} all papers that the page shows */
function pagePapers() {
  if (!isSinglePaper()) return readDigest(document, location.href);
  const paper = singlePaper();
  return paper ? [paper] : [];
}

/** @param {string} key @returns {Strip} the paper's strip, created if necessary */
function stripFor(key) {
  const readFacts = () => pagePapers().find((paper) => paper.key === key)?.facts ?? null;
  const strip = strips.get(key) ?? new Strip(key, readFacts);
  strips.set(key, strip);
  return strip;
}

/**
 * Puts all strips in their places, and looks up the papers that are new. Does not touch strips
 * already in place.
 */
function placeStrips() {
  const before = new Set(strips.keys());
  if (isSinglePaper()) placeSingleStrip(singlePaper());
  else for (const { key, card } of findCards(document)) placeOnCard(stripFor(key).host, card);
  forgetDetached(strips);
  if ([...strips.keys()].some((key) => !before.has(key))) lookUp({ withSightings: true });
}

/** @param {PagePaper | null} paper */
function placeSingleStrip(paper) {
  if (!paper) return;
  const { host } = stripFor(paper.key);
  if (isArxiv) placeOnArxiv(host);
  else placeOnPaperPage(host);
}

/**
 * Looks up which of the page's papers are in the library.
 * @param {{ withSightings: boolean }} options  whether to report the numbers that the page shows
 */
async function lookUp({ withSightings }) {
  const papers = pagePapers();
  const seen = papers.map(({ key, facts: { upvotes, comments } }) => ({ key, upvotes, comments }));
  const page = withSightings ? (papers[0]?.facts.page ?? null) : null;
  const views = await request({ type: "lookup", seen, page, day: digestDay(papers[0]) });
  show(views);
  for (const paper of papers.filter(({ key }) => views[key]?.stub)) fillStub(paper);
}

/**
 * @param {PagePaper | undefined} paper
 * @returns {string} the day of the paper's digest, or today, YYYY-MM-DD
 */
function digestDay(paper) {
  const digest = paper?.facts.digest;
  return (digest?.kind === "day" && digest.day) || new Date().toLocaleDateString("sv");
}

/** Sends a paper to the library, which has only its identifier. @param {PagePaper} paper */
async function fillStub({ key, facts }) {
  if (filledStubs.has(key)) return;
  filledStubs.add(key);
  show({ [key]: await request({ type: "fill-stub", key, facts }) });
}

/** @param {Record<string, import("../types.js").PaperView>} views */
function show(views) {
  for (const [key, view] of Object.entries(views)) strips.get(key)?.show(view);
}

/** @param {any} message @returns {Promise<unknown> | undefined} */
function answer(message) {
  if (message?.type === "get-page-paper")
    return Promise.resolve(isSinglePaper() ? singlePaper() : null);
  if (message?.type === "papers-changed") show(message.views);
  if (message?.type === "connection-changed") lookUp({ withSightings: false });
  return undefined;
}

await pageIdle();
document.querySelectorAll("paperclipper-strip").forEach((strip) => strip.remove());
onMessage(answer);
watchPage(placeStrips, isExtensionAlive);
