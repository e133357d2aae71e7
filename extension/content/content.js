/**
 * The content script: adds a strip to every paper on the page, and restores strips when the page
 * re-renders. Talks only to the background worker, never to the server.
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

/** The strips, keyed by paper. @type {Map<string, Strip>} */
const strips = new Map();

/** Stubs that have been filled, or attempted, on this page. @type {Set<string>} */
const filledStubs = new Set();

const isArxiv = location.hostname === "arxiv.org";
const isSinglePaper = () => isArxiv || readAddress(location.href).kind === "paper";

/** @returns {PagePaper | null} the paper on a single-paper page */
const singlePaper = () =>
  isArxiv ? readArxivPage(document, location.href) : readPaperPage(document, location.href);

/** @returns {PagePaper[]} all papers on the page */
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
 * Inserts any missing strips and looks up new papers. Leaves strips that are already in place
 * untouched.
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
 * Looks up which papers on the page are in the library.
 * @param {{ withSightings: boolean }} options  whether to report upvotes and comments
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

/** Fills in a paper that exists in the library only as a stub. @param {PagePaper} paper */
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
