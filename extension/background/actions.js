/**
 * The actions a reader can perform on a paper. Each action is written to the outbox first, before
 * any other work.
 */
import { loadLocal, saveLocal } from "../browser.js";
import { addEntry, discardEntry, loadEntries, updateEntries } from "../outbox/outbox.js";
import { uuid7 } from "../outbox/uuid7.js";
import { loadConnection } from "../server/connection.js";

/** @typedef {import("../types.js").ClipFacts} ClipFacts */
/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {Partial<Entry> & { act: import("../types.js").EntryKind }} NewEntry */

/**
 * Clips a paper and records it as the last clipped paper.
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
 * Queues the metadata of a stub, a paper that exists in the library only as an identifier. Unlike
 * `clip`, this is not a user action, so it does not update the last clipped paper.
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
 * Replaces a refused clip in place, so that the new clip stays ahead of the entries that depend on
 * it. Appends the clip if there is nothing to replace.
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
 * Moves the paper to the trash. If its clip was refused, the paper never reached the library, so
 * the clip is discarded instead.
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
 * @returns {Promise<string>} the title if it is stored in this browser, otherwise the key
 */
async function titleOf(key) {
  const queued = (await loadEntries()).find((entry) => entry.key === key);
  if (queued) return queued.title;
  const last = await lastClipped();
  return last?.key === key ? last.title : key;
}
