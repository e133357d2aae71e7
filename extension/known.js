/**
 * What the server last said of each paper, until the browser closes. A memory to show things by, never a truth: all of it can be asked again.
 */
import { forgetSession, recall, remember } from "./browser.js";

/** @param {string} key */
const place = (key) => `known:${key}`;

/** @param {string} key @returns {Promise<import("./types.js").Known | null>} null where the server was not asked yet */
export const known = async (key) => (await recall(place(key))) ?? null;

/** @param {string} key @param {Partial<import("./types.js").Known>} news what is new of it; the rest stays */
export async function learn(key, news) {
  const before = (await known(key)) ?? { paper: null };
  await remember({ [place(key)]: { ...before, ...news } });
}

/**
 * A paper as an answer about its own row shows it: how many notes and highlights it has, only a lookup tells.
 * @param {string} key
 * @param {import("./types.js").PaperRow | null} row  null where the paper was purged
 */
export async function learnPaper(key, row) {
  const before = (await known(key))?.paper;
  await learn(key, { paper: row && { ...row, notes: before?.notes ?? 0, highlights: before?.highlights ?? 0 } });
}

/** Forgets all, when another library is connected. */
export const unlearn = () => forgetSession();
