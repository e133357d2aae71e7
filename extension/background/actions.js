/**
 * What the reader can do to a paper. Each action is stored in the outbox before anything else
 * happens.
 */
import { loadLocal, saveLocal } from "../browser.js";
import { addEntry, discardEntry, loadEntries, updateEntries } from "../outbox/outbox.js";
import { uuid7 } from "../outbox/uuid7.js";
import { loadConnection } from "../server/connection.js";

/** @typedef {import("../types.js").ClipFacts} ClipFacts */
/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {Partial<Entry> & { act: import("../types.js").EntryKind }} NewEntry */

/**
 * Clips a paper and remembers it as the last one clipped.
 * @param {string} key
 * @param {ClipFacts} facts
 * @returns {Promise<void>} resolves once the clip is stored
 */
export async function clip(key, facts) {
  const { title, authors, author_count, published } = facts.paper;
  await saveLocal({ last: { key, title, authors, author_count, published } });
  await fillStub(key, facts);
}

/**
 * Sends the facts from a page. Unlike `clip`, this is for a paper of which the library has
 * only an identifier: the reader did nothing, so the paper is not the last one clipped.
 * @param {string} key
 * @param {ClipFacts} facts
 */
export async function fillStub(key, facts) {
  const made = new Date().toISOString();
  const clip = { clipped_at: made, ...facts };
  const entry = await newEntry(key, { act: "clip", title: facts.paper.title, made, clip });
  await updateEntries((all) => replaceRefusedClip(all, entry));
}

/**
 * A new clip takes the place of a refused one, ahead of the entries that wait for it.
 * @param {Entry[]} entries
 * @param {Entry} clip
 */
function replaceRefusedClip(entries, clip) {
  const isRefused = isRefusedClip(clip.key);
  if (!entries.some(isRefused)) return [...entries, clip];
  return entries.map((entry) => (isRefused(entry) ? clip : entry));
}

/** @param {string} key @returns {(entry: Entry) => boolean} */
const isRefusedClip = (key) => (entry) =>
  entry.key === key && entry.act === "clip" && entry.state === "refused";

/**
 * Moves the paper to the trash. If its clip was refused, the library never had it: then it is
 * discarded.
 * @param {string} key
 */
export async function moveToTrash(key) {
  const refused = (await loadEntries()).find(isRefusedClip(key));
  if (refused) await discardEntry(refused.id);
  else await enqueue(key, { act: "remove" });
}

/** @returns {Promise<import("../types.js").PaperSummary | null>} */
export const lastClipped = async () => (await loadLocal("last")) ?? null;

/**
 * @param {string} key
 * @param {NewEntry} entry
 * @returns {Promise<void>} resolves once the entry is stored
 */
export async function enqueue(key, entry) {
  await addEntry(await newEntry(key, entry));
}

/** @param {string} key @param {NewEntry} entry @returns {Promise<Entry>} */
async function newEntry(key, entry) {
  return {
    id: uuid7(),
    key,
    title: entry.title ?? (await titleOf(key)),
    made: new Date().toISOString(),
    instance: (await loadConnection())?.instance_id ?? "",
    tried: false,
    state: "waiting",
    reason: "",
    ...entry,
  };
}

/**
 * @param {string} key
 * @returns {Promise<string>} the title if this browser knows it, else the key
 */
async function titleOf(key) {
  const queued = (await loadEntries()).find((entry) => entry.key === key);
  if (queued) return queued.title;
  const last = await lastClipped();
  return last?.key === key ? last.title : key;
}
