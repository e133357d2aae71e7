/**
 * What the reader did, kept in storage before any network and sent once, in order, until the server has it.
 *
 * An entry leaves only when the server has it, or when the reader discards it. What the server refuses for good stays, and is shown; so
 * does a note that somebody changed meanwhile. Everything about a paper waits behind its own refused clip; other papers pass by.
 * The worker may die at any line: an entry is marked as tried before it is sent, and sending the same again is harmless to the server.
 * This module must not know what an entry means; `operations.js` sends it.
 */
import { clearAlarm, loadLocal, setAlarm, saveLocal } from "../browser.js";

/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").Pause} Pause */

export const OUTBOX_ALARM = "outbox";

/** Seconds until the next try; packed extensions round less than 30 up. */
const RETRY_DELAYS = [5, 15, 30, 60, 120, 300, 600];

/** @type {Pause} */
const NOT_PAUSED = { kind: "", tries: 0, next: 0, not_before: 0 };

/** One change of the stored queue at a time. */
let turn = Promise.resolve();

/** @returns {Promise<Entry[]>} oldest first */
export const loadEntries = async () => (await loadLocal("outbox")) ?? [];

/** @returns {Promise<Pause>} */
export const loadPause = async () => (await loadLocal("trouble")) ?? NOT_PAUSED;

/**
 * @param {(entries: Entry[]) => Entry[]} edit
 * @returns {Promise<void>} once it is stored
 */
export function updateEntries(edit) {
  const mine = turn.then(async () => saveLocal({ outbox: edit(await loadEntries()) }));
  turn = mine.catch(() => {});
  return mine;
}

/** @param {string} id @param {Partial<Entry>} news @returns {Promise<void>} */
export const updateEntry = (id, news) =>
  updateEntries((all) => all.map((entry) => (entry.id === id ? { ...entry, ...news } : entry)));

/** @param {Entry} entry @returns {Promise<void>} once it is stored */
export const addEntry = (entry) => updateEntries((all) => [...all, entry]);

/** @param {string} id @returns {Promise<void>} the entry goes, and with a clip all that waits behind it */
export const discardEntry = (id) =>
  updateEntries((all) => {
    const gone = all.find((entry) => entry.id === id);
    return all.filter(
      (entry) => entry.id !== id && !(gone?.act === "clip" && entry.key === gone.key),
    );
  });

/** @param {string} id @returns {Promise<void>} once it may be sent again */
export const retryEntry = (id) => updateEntry(id, { state: "waiting", reason: "" });

/** All that was meant for another library is meant for this one: the reader said so. @param {string} instance */
export const reassignEntries = (instance) =>
  updateEntries((all) => all.map((entry) => ({ ...entry, instance })));

/** What was done while no library was connected goes to this one. @param {string} instance */
export const assignEntries = (instance) =>
  updateEntries((all) => all.map((entry) => ({ ...entry, instance: entry.instance || instance })));

/**
 * @typedef {(entry: Entry) => Promise<import("../types.js").Outcome>} Send
 * @typedef {(key: string) => Promise<void>} OnChange  called with each paper whose entries moved
 */

/**
 * @param {Send} send
 * @param {OnChange} onChange
 * @returns {() => Promise<void>} sends all that can be sent; called again meanwhile, it goes round once more
 */
export function createFlush(send, onChange) {
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;
  const rounds = async () => {
    try {
      while (again) {
        again = false;
        // What stops one stops all: whoever asked meanwhile has had their answer.
        if (await drain(send, onChange)) again = false;
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

/** @param {Send} send @param {OnChange} onChange @returns {Promise<boolean>} whether something stands in the way */
async function drain(send, onChange) {
  if ((await loadPause()).not_before > Date.now()) return true;
  for (let entry = await takeNext(); entry; entry = await takeNext()) {
    await onChange(entry.key);
    const outcome = await send(entry);
    await applyOutcome(entry, outcome);
    await onChange(entry.key);
    if (outcome.kind === "pause") return true;
  }
  return false;
}

/** @returns {Promise<Entry | undefined>} the next to send, marked as tried in the same turn, so that no edit slips in between */
async function takeNext() {
  /** @type {Entry | undefined} */
  let taken;
  await updateEntries((all) => {
    taken = nextEntry(all);
    return all.map((entry) => (entry.id === taken?.id ? { ...entry, tried: true } : entry));
  });
  return taken;
}

/** @param {Entry[]} all @returns {Entry | undefined} */
export function nextEntry(all) {
  /** @type {Set<string>} */
  const blocked = new Set();
  return all.find((entry) => {
    if (entry.act === "clip" && entry.state === "refused") blocked.add(entry.key);
    return entry.state === "waiting" && !blocked.has(entry.key);
  });
}

/** @param {Entry} entry @param {import("../types.js").Outcome} outcome */
async function applyOutcome(entry, outcome) {
  if (outcome.kind === "pause") return pauseSending(outcome.reason, outcome.retry_after);
  if (outcome.kind === "done")
    await updateEntries((all) => all.filter((other) => other.id !== entry.id));
  if (outcome.kind === "refused")
    await updateEntry(entry.id, { state: "refused", reason: outcome.reason });
  if (outcome.kind === "conflict")
    await updateEntry(entry.id, { state: "conflict", theirs: outcome.theirs });
  await clearPause();
}

/** Nothing stands in the way any more, as far as we know. */
export async function clearPause() {
  await saveLocal({ trouble: NOT_PAUSED });
  await clearAlarm(OUTBOX_ALARM);
}

/** @param {import("../types.js").PauseKind} kind @param {number} retryAfter seconds */
async function pauseSending(kind, retryAfter) {
  const tries = (await loadPause()).tries + 1;
  const pause =
    Math.max(RETRY_DELAYS[Math.min(tries, RETRY_DELAYS.length) - 1], Math.min(retryAfter, 600)) *
    1000;
  const next = kind === "away" ? Date.now() + pause * (1 + Math.random() / 5) : 0;
  await saveLocal({ trouble: { kind, tries, next, not_before: retryAfter ? next : 0 } });
  if (next) await setAlarm(OUTBOX_ALARM, next);
}
