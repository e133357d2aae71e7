/**
 * What the server last said of each paper, until the browser closes. A memory to show things by, never a truth: all of it can be asked again.
 */
import { forgetSession, recall, remember } from "../browser.js";

/** @param {string} key */
const place = (key) => `known:${key}`;

/** @param {string} key @returns {Promise<import("../types.js").Known | null>} null where the server was not asked yet */
export const known = async (key) => (await recall(place(key))) ?? null;

/** @typedef {Partial<import("../types.js").Known>} News  what is new of a paper; the rest stays */

/** One lesson at a time: two that read before either wrote would lose the one or the other. */
let turn = Promise.resolve();
let lessons = 0;

/** @type {Map<string, number>} the lesson at which each part of a paper was last learnt; lost with the worker, as its questions are */
const learnt = new Map();

/** @returns {number} the moment of a question, for `learn`: what is learnt between question and answer is newer than the answer */
export const moment = () => lessons;

/**
 * @param {string} key
 * @param {News} news
 * @param {number} [asked]  when it was asked for; without, it is the answer to an act, and newer than all before
 * @returns {Promise<void>} once it is stored
 */
export function learn(key, news, asked = Infinity) {
  const mine = turn.then(() => keep(key, news, asked));
  turn = mine.catch(() => {});
  return mine;
}

/** @param {string} key @param {News} news @param {number} asked */
async function keep(key, news, asked) {
  const part = (/** @type {string} */ name) => `${key} ${name}`;
  const fresh = Object.entries(news).filter(([name]) => (learnt.get(part(name)) ?? 0) <= asked);
  lessons += 1;
  for (const [name] of fresh) learnt.set(part(name), lessons);
  const whole = {
    [place(key)]: { paper: null, ...(await known(key)), ...Object.fromEntries(fresh) },
  };
  // A browser gives this memory only so much room. Full, it is begun anew: what the library took must still leave the queue.
  await remember(whole).catch(() => forgetSession().then(() => remember(whole)));
}

/**
 * A paper as an answer about its own row shows it: how many notes and highlights it has, only a lookup tells.
 * @param {string} key
 * @param {import("../types.js").PaperRow | null} row  null where the paper was purged
 */
export async function learnPaper(key, row) {
  const before = (await known(key))?.paper;
  await learn(key, {
    paper: row && { ...row, notes: before?.notes ?? 0, highlights: before?.highlights ?? 0 },
  });
}

/** Forgets all, when another library is connected. */
export const unlearn = () => forgetSession();
