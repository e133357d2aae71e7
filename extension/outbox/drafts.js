/**
 * Drafts of notes. They are saved on every keystroke, so that they survive the popup or page being
 * closed and the worker being stopped. This module does not use the network.
 */
import { loadLocal, localKeys, removeLocal, saveLocal } from "../browser.js";
import { createMutex } from "../mutex.js";

/** @typedef {import("../types.js").Draft} Draft */

const PREFIX = "draft:";

/** @param {string} key of the paper @returns {Promise<Draft | null>} */
export const loadDraft = async (key) => (await loadLocal(PREFIX + key)) ?? null;

/** @param {string} key @param {Draft} draft */
export const saveDraft = (key, draft) => saveLocal({ [PREFIX + key]: draft });

/** @param {string} key */
export const dropDraft = (key) => removeLocal(PREFIX + key);

/** @returns {Promise<string[]>} the keys of the papers that have a draft */
export const draftedPapers = async () =>
  (await localKeys())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length));

/** Serialises changes to drafts; otherwise two concurrent keystrokes could each create a note. */
export const lockDrafts = createMutex();
