/** What is being typed, stored at each keystroke, so that it outlives the popup, the page and the worker. It must not know of the network. */
import { removeLocal, loadLocal, saveLocal, localKeys } from "../browser.js";

const PREFIX = "draft:";

/** @param {string} key the paper @returns {Promise<import("../types.js").Draft | null>} */
export const loadDraft = async (key) => (await loadLocal(PREFIX + key)) ?? null;

/** @param {string} key @param {import("../types.js").Draft} draft */
export const saveDraft = (key, draft) => saveLocal({ [PREFIX + key]: draft });

/** @param {string} key */
export const dropDraft = (key) => removeLocal(PREFIX + key);

/** @returns {Promise<string[]>} the papers with something typed and not yet on the server */
export const draftedPapers = async () =>
  (await localKeys())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length));

/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * Does one thing to the drafts at a time: two keystrokes that read before either wrote would each begin a note of their own.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function lockDrafts(work) {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
}
