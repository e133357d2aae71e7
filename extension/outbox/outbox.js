/**
 * The outbox: a persistent queue of the reader's actions. Entries are stored before any network
 * request is made, and are applied exactly once, in order.
 *
 * An entry is removed once the server has accepted it or the reader discards it. Permanently refused
 * entries and conflicting notes remain in the outbox and are shown to the reader. If a clip is
 * refused, all entries for that paper are blocked; other papers are not affected. Because the worker
 * may be stopped at any time, an entry is marked as tried before it is sent, and retries are
 * idempotent. This module treats entries as opaque; `sender.js` interprets them.
 */
import { clearAlarm, loadLocal, saveLocal, setAlarm } from "../browser.js";
import { createMutex } from "../mutex.js";

/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").Outcome} Outcome */
/** @typedef {import("../types.js").Pause} Pause */

export const OUTBOX_ALARM = "outbox";

/** Delays between retries, in seconds. Browsers may enforce a minimum alarm delay of 30 seconds. */
const RETRY_DELAYS = [5, 15, 30, 60, 120, 300, 600];
const LONGEST_DELAY = 600;

/** @type {Pause} */
const NOT_PAUSED = { kind: "", tries: 0, next: 0, not_before: 0 };

const lock = createMutex();

/** @returns {Promise<Entry[]>} oldest first */
export const loadEntries = async () => (await loadLocal("outbox")) ?? [];

/** @returns {Promise<Pause>} */
export const loadPause = async () => (await loadLocal("trouble")) ?? NOT_PAUSED;

/**
 * @param {(entries: Entry[]) => Entry[]} edit
 * @returns {Promise<void>} resolves once the entries are stored
 */
export const updateEntries = (edit) =>
  lock(async () => saveLocal({ outbox: edit(await loadEntries()) }));

/** @param {string} id @param {Partial<Entry>} changes */
const updateEntry = (id, changes) =>
  updateEntries((all) => all.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)));

/** @param {Entry} entry */
export const addEntry = (entry) => updateEntries((all) => [...all, entry]);

/**
 * Removes an entry. If it is a clip, also removes all other entries for that paper.
 * @param {string} id
 */
export const discardEntry = (id) =>
  updateEntries((all) => {
    const discarded = all.find((entry) => entry.id === id);
    const clippedKey = discarded?.act === "clip" ? discarded.key : null;
    return all.filter((entry) => entry.id !== id && entry.key !== clippedKey);
  });

/** Returns a refused entry to the queue. @param {string} id */
export const retryEntry = (id) => updateEntry(id, { state: "waiting", reason: "" });

/** Reassigns all entries to this library. @param {string} instance */
export const reassignEntries = (instance) =>
  updateEntries((all) => all.map((entry) => ({ ...entry, instance })));

/**
 * Assigns entries that were created before any library was connected to this library.
 * @param {string} instance
 */
export const assignEntries = (instance) =>
  updateEntries((all) => all.map((entry) => ({ ...entry, instance: entry.instance || instance })));

/**
 * @typedef {(entry: Entry) => Promise<Outcome>} Send
 * @typedef {(key: string) => Promise<void>} OnChange  called with the paper's key whenever an entry
 *   changes
 */

/**
 * @param {Send} send
 * @param {OnChange} onChange
 * @returns {() => Promise<void>} sends all sendable entries; a call during a flush schedules another
 *   pass
 */
export function createFlush(send, onChange) {
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;
  const run = async () => {
    try {
      while (again) {
        again = false;
        // A pause applies to all entries, so calls made in the meantime need no further pass.
        if (await sendAll(send, onChange)) again = false;
      }
    } finally {
      running = null;
    }
  };
  return () => {
    again = true;
    running ??= run();
    return running;
  };
}

/**
 * @param {Send} send
 * @param {OnChange} onChange
 * @returns {Promise<boolean>} whether sending is paused
 */
async function sendAll(send, onChange) {
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

/**
 * Selects the next entry and marks it as tried in one atomic update, so that no edit can intervene.
 * @returns {Promise<Entry | undefined>} the entry to send
 */
async function takeNext() {
  /** @type {Entry | undefined} */
  let taken;
  await updateEntries((all) => {
    taken = nextEntry(all);
    return all.map((entry) => (entry.id === taken?.id ? { ...entry, tried: true } : entry));
  });
  return taken;
}

/**
 * @param {Entry[]} all
 * @returns {Entry | undefined} the first waiting entry that is not blocked by a refused clip
 */
export function nextEntry(all) {
  /** @type {Set<string>} */
  const blocked = new Set();
  return all.find((entry) => {
    if (entry.act === "clip" && entry.state === "refused") blocked.add(entry.key);
    return entry.state === "waiting" && !blocked.has(entry.key);
  });
}

/** @param {Entry} entry @param {Outcome} outcome */
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

/** Clears the pause and its alarm. */
export async function clearPause() {
  await saveLocal({ trouble: NOT_PAUSED });
  await clearAlarm(OUTBOX_ALARM);
}

/** @param {import("../types.js").PauseKind} kind @param {number} retryAfter seconds, 0 for none */
async function pauseSending(kind, retryAfter) {
  const tries = (await loadPause()).tries + 1;
  const next = kind === "away" ? Date.now() + retryDelay(tries, retryAfter) : 0;
  await saveLocal({ trouble: { kind, tries, next, not_before: retryAfter ? next : 0 } });
  if (next) await setAlarm(OUTBOX_ALARM, next);
}

/**
 * @param {number} tries
 * @param {number} retryAfter seconds
 * @returns {number} ms, with up to 20 % jitter so that browsers do not all retry at the same time
 */
function retryDelay(tries, retryAfter) {
  const backoff = RETRY_DELAYS[tries - 1] ?? LONGEST_DELAY;
  const seconds = Math.max(backoff, Math.min(retryAfter, LONGEST_DELAY));
  return seconds * 1000 * (1 + Math.random() / 5);
}
