/**
 * What the reader did, kept in storage before any network and sent once, in order, until the server has it.
 *
 * An entry leaves only when the server has it, or when the reader discards it. What the server refuses for good stays, and is shown; so
 * does a note that somebody changed meanwhile. Everything about a paper waits behind its own refused clip; other papers pass by.
 * The worker may die at any line: an entry is marked as tried before it is sent, and sending the same again is harmless to the server.
 * This module must not know what an entry means; `operations.js` sends it.
 */
import { clearAlarm, load, setAlarm, store } from "../browser.js";

/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").Trouble} Trouble */

export const ALARM = "outbox";

/** Seconds until the next try; packed extensions round less than 30 up. */
const PAUSES = [5, 15, 30, 60, 120, 300, 600];

/** @type {Trouble} */
const NO_TROUBLE = { kind: "", tries: 0, next: 0, not_before: 0 };

/** One change of the stored queue at a time. */
let turn = Promise.resolve();

/** @returns {Promise<Entry[]>} oldest first */
export const entries = async () => (await load("outbox")) ?? [];

/** @returns {Promise<Trouble>} */
export const trouble = async () => (await load("trouble")) ?? NO_TROUBLE;

/**
 * @param {(entries: Entry[]) => Entry[]} edit
 * @returns {Promise<void>} once it is stored
 */
export function change(edit) {
  const mine = turn.then(async () => store({ outbox: edit(await entries()) }));
  turn = mine.catch(() => {});
  return mine;
}

/** @param {string} id @param {Partial<Entry>} news @returns {Promise<void>} */
export const amend = (id, news) =>
  change((all) => all.map((entry) => (entry.id === id ? { ...entry, ...news } : entry)));

/** @param {Entry} entry @returns {Promise<void>} once it is stored */
export const add = (entry) => change((all) => [...all, entry]);

/** @param {string} id @returns {Promise<void>} the entry goes, and with a clip all that waits behind it */
export const discard = (id) =>
  change((all) => {
    const gone = all.find((entry) => entry.id === id);
    return all.filter(
      (entry) => entry.id !== id && !(gone?.act === "clip" && entry.key === gone.key),
    );
  });

/** @param {string} id @returns {Promise<void>} once it may be sent again */
export const retry = (id) => amend(id, { state: "waiting", reason: "" });

/** All that was meant for another library is meant for this one: the reader said so. @param {string} instance */
export const readdress = (instance) =>
  change((all) => all.map((entry) => ({ ...entry, instance })));

/** What was done while no library was connected goes to this one. @param {string} instance */
export const adopt = (instance) =>
  change((all) => all.map((entry) => ({ ...entry, instance: entry.instance || instance })));

/**
 * @typedef {(entry: Entry) => Promise<import("../types.js").Outcome>} Send
 * @typedef {(key: string) => Promise<void>} Tell  called with each paper whose entries moved
 */

/**
 * @param {Send} send
 * @param {Tell} tell
 * @returns {() => Promise<void>} sends all that can be sent; called again meanwhile, it goes round once more
 */
export function makeFlush(send, tell) {
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;
  const rounds = async () => {
    try {
      while (again) {
        again = false;
        // What stops one stops all: whoever asked meanwhile has had their answer.
        if (await drain(send, tell)) again = false;
      }
    } finally {
      running = null;
    }
  };
  return () => {
    again = true;
    running ??= rounds();
    return running;
  };
}

/** @param {Send} send @param {Tell} tell @returns {Promise<boolean>} whether something stands in the way */
async function drain(send, tell) {
  if ((await trouble()).not_before > Date.now()) return true;
  for (let entry = await take(); entry; entry = await take()) {
    await tell(entry.key);
    const outcome = await send(entry);
    await settle(entry, outcome);
    await tell(entry.key);
    if (outcome.kind === "stop") return true;
  }
  return false;
}

/** @returns {Promise<Entry | undefined>} the next to send, marked as tried in the same turn, so that no edit slips in between */
async function take() {
  /** @type {Entry | undefined} */
  let taken;
  await change((all) => {
    taken = next(all);
    return all.map((entry) => (entry.id === taken?.id ? { ...entry, tried: true } : entry));
  });
  return taken;
}

/** @param {Entry[]} all @returns {Entry | undefined} */
export function next(all) {
  /** @type {Set<string>} */
  const held = new Set();
  return all.find((entry) => {
    if (entry.act === "clip" && entry.state === "refused") held.add(entry.key);
    return entry.state === "waiting" && !held.has(entry.key);
  });
}

/** @param {Entry} entry @param {import("../types.js").Outcome} outcome */
async function settle(entry, outcome) {
  if (outcome.kind === "stop") return wait(outcome.trouble, outcome.retry_after);
  if (outcome.kind === "done") await change((all) => all.filter((other) => other.id !== entry.id));
  if (outcome.kind === "refused")
    await amend(entry.id, { state: "refused", reason: outcome.reason });
  if (outcome.kind === "conflict")
    await amend(entry.id, { state: "conflict", theirs: outcome.theirs });
  await calm();
}

/** Nothing stands in the way any more, as far as we know. */
export async function calm() {
  await store({ trouble: NO_TROUBLE });
  await clearAlarm(ALARM);
}

/** @param {import("../types.js").TroubleKind} kind @param {number} retryAfter seconds */
async function wait(kind, retryAfter) {
  const tries = (await trouble()).tries + 1;
  const pause =
    Math.max(PAUSES[Math.min(tries, PAUSES.length) - 1], Math.min(retryAfter, 600)) * 1000;
  const next = kind === "away" ? Date.now() + pause * (1 + Math.random() / 5) : 0;
  await store({ trouble: { kind, tries, next, not_before: retryAfter ? next : 0 } });
  if (next) await setAlarm(ALARM, next);
}
