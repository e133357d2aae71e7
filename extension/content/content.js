/** Brings a strip to every paper that the open page shows, and keeps it there. It knows the page and the background, never the server. */
import { isAlive, onMessage } from "../browser.js";
import { request } from "../messages.js";
import { readArxivPage } from "../readers/arxiv_page.js";
import { readAddress } from "../readers/digest_address.js";
import { findCards } from "../readers/digest_cards.js";
import { readDigest } from "../readers/digest_page.js";
import { readPaperPage } from "../readers/paper_page.js";
import { keepInPlace, placeOnArxiv, placeOnCard, placeOnPaperPage, sweep } from "./placement.js";
import { createStrip } from "./strip.js";

/** @typedef {import("../types.js").PaperHere} PaperHere */
/** @typedef {import("./strip.js").Strip} Strip */

/** How long the page must have been still before anything is put into it, ms: hydration goes on after `load`. */
const STILL = 200;

/** @type {Map<string, Strip>} by paper */
const strips = new Map();

const isArxiv = location.hostname === "arxiv.org";
const isOnePaper = () => isArxiv || readAddress(location.href).kind === "paper";

/** @returns {PaperHere | null} the paper that this page is about */
const paperHere = () =>
  isArxiv ? readArxivPage(document, location.href) : readPaperPage(document, location.href);

/** @returns {PaperHere[]} every paper that this page shows */
function papersHere() {
  const one = isOnePaper() ? paperHere() : null;
  return isOnePaper() ? (one ? [one] : []) : readDigest(document, location.href);
}

/** @param {string} key @returns {Strip} */
function stripFor(key) {
  const strip =
    strips.get(key) ??
    createStrip(key, () => papersHere().find((paper) => paper.key === key)?.facts ?? null);
  strips.set(key, strip);
  return strip;
}

/** Puts every strip where it belongs. Called again and again: what is in place stays untouched. */
function place() {
  const before = new Set(strips.keys());
  if (isOnePaper()) placeOne(paperHere());
  else for (const { key, card } of findCards(document)) placeOnCard(stripFor(key).host, card);
  sweep(strips);
  if ([...strips.keys()].some((key) => !before.has(key))) look(true);
}

/** @param {PaperHere | null} paper */
function placeOne(paper) {
  if (!paper) return;
  const { host } = stripFor(paper.key);
  if (isArxiv) placeOnArxiv(host);
  else placeOnPaperPage(host);
}

/**
 * Asks what of this is in the library.
 * @param {boolean} isNew whether the numbers that the page shows were not told yet
 */
async function look(isNew) {
  const papers = papersHere();
  const seen = papers.map(({ key, facts }) => ({
    key,
    upvotes: facts.upvotes,
    comments: facts.comments,
  }));
  const first = papers[0]?.facts;
  const day = (first?.digest?.kind === "day" && first.digest.day) || today();
  const views = await request({
    type: "look",
    seen,
    page: isNew ? (first?.page ?? null) : null,
    day,
  });
  show(views);
  for (const paper of papers.filter(({ key }) => views[key]?.stub)) fill(paper);
}

/** Stubs that were filled from this page, or could not be. @type {Set<string>} */
const filled = new Set();

/** @param {PaperHere} paper one that the library knows by its identifier alone */
async function fill({ key, facts }) {
  if (filled.has(key)) return;
  filled.add(key);
  show({ [key]: await request({ type: "fill", key, facts }) });
}

/** @returns {string} YYYY-MM-DD where the reader is */
const today = () => new Date().toLocaleDateString("sv");

/** @param {Record<string, import("../types.js").PaperView>} views */
function show(views) {
  for (const [key, view] of Object.entries(views)) strips.get(key)?.show(view);
}

/** Resolves once the page is loaded, has been still for a while, and is idle. @returns {Promise<void>} */
async function settled() {
  if (document.readyState !== "complete")
    await new Promise((done) => addEventListener("load", done, { once: true }));
  await new Promise((done) => {
    let timer = setTimeout(finish, STILL);
    const watch = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(finish, STILL);
    });
    watch.observe(document.body, { childList: true, subtree: true });
    const limit = setTimeout(finish, 10 * STILL);
    function finish() {
      watch.disconnect();
      clearTimeout(limit);
      done(undefined);
    }
  });
  await new Promise((done) => requestIdleCallback(done, { timeout: 1000 }));
}

/** @param {any} message @returns {Promise<unknown> | undefined} */
function answer(message) {
  if (message?.type === "here") return Promise.resolve(isOnePaper() ? paperHere() : null);
  if (message?.type === "changed") show(message.views);
  if (message?.type === "reconnected") look(false);
  return undefined;
}

await settled();
document.querySelectorAll("paperclipper-strip").forEach((strip) => strip.remove());
onMessage(answer);
keepInPlace(place, isAlive);
