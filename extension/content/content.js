/** Brings a strip to every paper that the open page shows, and keeps it there. It knows the page and the background, never the server. */
import { isExtensionAlive, onMessage } from "../browser.js";
import { request } from "../messages.js";
import { readArxivPage } from "../readers/arxiv_page.js";
import { readAddress } from "../readers/digest_address.js";
import { findCards } from "../readers/digest_cards.js";
import { readDigest } from "../readers/digest_page.js";
import { readPaperPage } from "../readers/paper_page.js";
import {
  watchPage,
  placeOnArxiv,
  placeOnCard,
  placeOnPaperPage,
  forgetDetached,
} from "./placement.js";
import { createStrip } from "./strip.js";

/** @typedef {import("../types.js").PagePaper} PagePaper */
/** @typedef {import("./strip.js").Strip} Strip */

/** How long the page must have been still before anything is put into it, ms: hydration goes on after `load`. */
const QUIET_TIME = 200;

/** @type {Map<string, Strip>} by paper */
const strips = new Map();

const isArxiv = location.hostname === "arxiv.org";
const isSinglePaper = () => isArxiv || readAddress(location.href).kind === "paper";

/** @returns {PagePaper | null} the paper that this page is about */
const pagePaper = () =>
  isArxiv ? readArxivPage(document, location.href) : readPaperPage(document, location.href);

/** @returns {PagePaper[]} every paper that this page shows */
function pagePapers() {
  const paper = isSinglePaper() ? pagePaper() : null;
  return isSinglePaper() ? (paper ? [paper] : []) : readDigest(document, location.href);
}

/** @param {string} key @returns {Strip} */
function stripFor(key) {
  const strip =
    strips.get(key) ??
    createStrip(key, () => pagePapers().find((paper) => paper.key === key)?.facts ?? null);
  strips.set(key, strip);
  return strip;
}

/** Puts every strip where it belongs. Called again and again: what is in place stays untouched. */
function placeStrips() {
  const before = new Set(strips.keys());
  if (isSinglePaper()) placeSingleStrip(pagePaper());
  else for (const { key, card } of findCards(document)) placeOnCard(stripFor(key).host, card);
  forgetDetached(strips);
  if ([...strips.keys()].some((key) => !before.has(key))) lookUp(true);
}

/** @param {PagePaper | null} paper */
function placeSingleStrip(paper) {
  if (!paper) return;
  const { host } = stripFor(paper.key);
  if (isArxiv) placeOnArxiv(host);
  else placeOnPaperPage(host);
}

/**
 * Asks what of this is in the library.
 * @param {boolean} isFirst whether the numbers that the page shows were not told yet
 */
async function lookUp(isFirst) {
  const papers = pagePapers();
  const seen = papers.map(({ key, facts }) => ({
    key,
    upvotes: facts.upvotes,
    comments: facts.comments,
  }));
  const first = papers[0]?.facts;
  const day = (first?.digest?.kind === "day" && first.digest.day) || today();
  const views = await request({
    type: "lookup",
    seen,
    page: isFirst ? (first?.page ?? null) : null,
    day,
  });
  show(views);
  for (const paper of papers.filter(({ key }) => views[key]?.stub)) fillStub(paper);
}

/** Stubs that were filled from this page, or could not be. @type {Set<string>} */
const filledStubs = new Set();

/** @param {PagePaper} paper one that the library knows by its identifier alone */
async function fillStub({ key, facts }) {
  if (filledStubs.has(key)) return;
  filledStubs.add(key);
  show({ [key]: await request({ type: "fill-stub", key, facts }) });
}

/** @returns {string} YYYY-MM-DD where the reader is */
const today = () => new Date().toLocaleDateString("sv");

/** @param {Record<string, import("../types.js").PaperView>} views */
function show(views) {
  for (const [key, view] of Object.entries(views)) strips.get(key)?.show(view);
}

/** Resolves once the page is loaded, has been still for a while, and is idle. @returns {Promise<void>} */
async function pageIsIdle() {
  if (document.readyState !== "complete")
    await new Promise((done) => addEventListener("load", done, { once: true }));
  await new Promise((done) => {
    let timer = setTimeout(finish, QUIET_TIME);
    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(finish, QUIET_TIME);
    });
    observer.observe(document.body, { childList: true, subtree: true });
    const limit = setTimeout(finish, 10 * QUIET_TIME);
    function finish() {
      observer.disconnect();
      clearTimeout(limit);
      done(undefined);
    }
  });
  await new Promise((done) => requestIdleCallback(done, { timeout: 1000 }));
}

/** @param {any} message @returns {Promise<unknown> | undefined} */
function onPageMessage(message) {
  if (message?.type === "get-page-paper")
    return Promise.resolve(isSinglePaper() ? pagePaper() : null);
  if (message?.type === "papers-changed") show(message.views);
  if (message?.type === "connection-changed") lookUp(false);
  return undefined;
}

await pageIsIdle();
document.querySelectorAll("paperclipper-strip").forEach((strip) => strip.remove());
onMessage(onPageMessage);
watchPage(placeStrips, isExtensionAlive);
