/**
 * Caches the last state reported by the server for each paper, until the browser is closed.
 * Everything in the cache can be requested again.
 */
import { clearSession, loadSession, saveSession } from "../browser.js";
import { createMutex } from "../mutex.js";

/** @typedef {import("../types.js").CachedPaper} CachedPaper */

/** @param {string} key */
const storageKey = (key) => `known:${key}`;

/**
 * @param {string} key
 * @returns {Promise<CachedPaper | null>} null if the paper is not cached
 */
export const cachedPaper = async (key) => (await loadSession(storageKey(key))) ?? null;

const lock = createMutex();

/** Incremented with each update. */
let revision = 0;

/**
 * The revision at which each part of a paper was last updated. Losing it when the worker stops is
 * harmless, because pending requests are lost too.
 * @type {Map<string, number>}
 */
const lastUpdates = new Map();

/** @returns {number} to be read before a request and passed to `updateCache` as `since` */
export const cacheRevision = () => revision;

/**
 * Stores the given parts of a paper, except parts updated after `since`, which are newer than the
 * response.
 * @param {string} key
 * @param {Partial<CachedPaper>} update
 * @param {number} [since]  defaults to storing all parts
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
 * Saves items, clearing the cache if it is full. Otherwise, accepted entries would remain in the
 * outbox.
 * @param {Record<string, unknown>} items
 */
async function saveOrStartOver(items) {
  await saveSession(items).catch(() => clearSession().then(() => saveSession(items)));
}

/**
 * Caches a paper from a response that contains only its row. The note count comes from lookups.
 * @param {string} key
 * @param {import("../types.js").PaperRow | null} row  null if the paper was purged
 */
export async function cachePaperRow(key, row) {
  const notes = (await cachedPaper(key))?.paper?.notes ?? 0;
  await updateCache(key, { paper: row && { ...row, notes } });
}

/** Clears the cache when the connected library changes. */
export const clearPaperCache = () => clearSession();
