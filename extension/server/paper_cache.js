/**
 * What the server last said of each paper, until the browser closes. A memory to show things by, never a truth: all of it can be asked again.
 */
import { clearSession, loadSession, saveSession } from "../browser.js";

/** @param {string} key */
const storageKey = (key) => `known:${key}`;

/** @param {string} key @returns {Promise<import("../types.js").CachedPaper | null>} null where the server was not asked yet */
export const cachedPaper = async (key) => (await loadSession(storageKey(key))) ?? null;

/** @typedef {Partial<import("../types.js").CachedPaper>} CacheUpdate  what is new of a paper; the rest stays */

/** One lesson at a time: two that read before either wrote would lose the one or the other. */
let turn = Promise.resolve();
let revision = 0;

/** @type {Map<string, number>} the lesson at which each part of a paper was last learnt; lost with the worker, as its questions are */
const lastUpdates = new Map();

/** @returns {number} the moment of a question, for `learn`: what is learnt between question and answer is newer than the answer */
export const cacheRevision = () => revision;

/**
 * @param {string} key
 * @param {CacheUpdate} update
 * @param {number} [since]  when it was asked for; without, it is the answer to an act, and newer than all before
 * @returns {Promise<void>} once it is stored
 */
export function updateCache(key, update, since = Infinity) {
  const result = turn.then(() => storeUpdate(key, update, since));
  turn = result.catch(() => {});
  return result;
}

/** @param {string} key @param {CacheUpdate} update @param {number} since */
async function storeUpdate(key, update, since) {
  const part = (/** @type {string} */ name) => `${key} ${name}`;
  const fresh = Object.entries(update).filter(
    ([name]) => (lastUpdates.get(part(name)) ?? 0) <= since,
  );
  revision += 1;
  for (const [name] of fresh) lastUpdates.set(part(name), revision);
  const whole = {
    [storageKey(key)]: { paper: null, ...(await cachedPaper(key)), ...Object.fromEntries(fresh) },
  };
  // A browser gives this memory only so much room. Full, it is begun anew: what the library took must still leave the queue.
  await saveSession(whole).catch(() => clearSession().then(() => saveSession(whole)));
}

/**
 * A paper as an answer about its own row shows it: how many notes and highlights it has, only a lookup tells.
 * @param {string} key
 * @param {import("../types.js").PaperRow | null} row  null where the paper was purged
 */
export async function cachePaperRow(key, row) {
  const cached = (await cachedPaper(key))?.paper;
  await updateCache(key, {
    paper: row && { ...row, notes: cached?.notes ?? 0 },
  });
}

/** Forgets all, when another library is connected. */
export const clearPaperCache = () => clearSession();
