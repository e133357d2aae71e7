/**
 * What the server last reported about each paper, kept until the browser closes. It is only a
 * cache: everything in it can be requested again.
 */
import { clearSession, loadSession, saveSession } from "../browser.js";
import { createMutex } from "../mutex.js";

/** @typedef {import("../types.js").CachedPaper} CachedPaper */

/** @param {string} key */
const storageKey = (key) => `known:${key}`;

/**
 * @param {string} key
 * @returns {Promise<CachedPaper | null>} null if the server was not asked yet
 */
export const cachedPaper = async (key) => (await loadSession(storageKey(key))) ?? null;

const lock = createMutex();

/** Counts the updates. */
let revision = 0;

/**
 * The revision of the last update of each part of a paper. Lost with the worker, like its pending
 * requests.
 * @type {Map<string, number>}
 */
const lastUpdates = new Map();

/** @returns {number} to be read before a request and passed to `updateCache` with its response */
export const cacheRevision = () => revision;

/**
 * Stores the given parts of a paper, except those that were updated after `since`: they are newer
 * than the response.
 * @param {string} key
 * @param {Partial<CachedPaper>} update
 * @param {number} [since]  by default, everything is stored
 */
export const updateCache = (key, update, since = Infinity) =>
  lock(() => storeUpdate(key, update, since));

/** @param {string} key @param {Partial<CachedPaper>} update @param {number} since */
async function storeUpdate(key, update, since) {
  const part = (/** @type {string} */ name) => `${key} ${name}`;
  const current = Object.entries(update).filter(
    ([name]) => (lastUpdates.get(part(name)) ?? 0) <= since,
  );
  revision += 1;
  for (const [name] of current) lastUpdates.set(part(name), revision);
  const paper = { paper: null, ...(await cachedPaper(key)), ...Object.fromEntries(current) };
  await saveOrStartOver({ [storageKey(key)]: paper });
}

/**
 * Clears the cache if it is full: entries that the server has accepted must still leave the outbox.
 * @param {Record<string, unknown>} items
 */
async function saveOrStartOver(items) {
  await saveSession(items).catch(() => clearSession().then(() => saveSession(items)));
}

/**
 * Stores a paper from a response that has its row only; the number of notes comes from lookups.
 * @param {string} key
 * @param {import("../types.js").PaperRow | null} row  null if the paper was purged
 */
export async function cachePaperRow(key, row) {
  const notes = (await cachedPaper(key))?.paper?.notes ?? 0;
  await updateCache(key, { paper: row && { ...row, notes } });
}

/** Forgets all papers, when another library is connected. */
export const clearPaperCache = () => clearSession();
