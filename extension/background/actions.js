/** What the reader may do to a paper, each act written to the queue (or, while typing, to the draft) before anything else happens. */
import { loadLocal, saveLocal } from "../browser.js";
import { loadDraft, draftedPapers, dropDraft, lockDrafts, saveDraft } from "../outbox/drafts.js";
import { cachedPaper, updateCache, cacheRevision } from "../server/paper_cache.js";
import { addEntry, updateEntries, discardEntry, loadEntries } from "../outbox/outbox.js";
import { ServerUnreachable, callApi, paperPath } from "../server/client.js";
import { loadConnection } from "../server/connection.js";
import { uuid7 } from "../outbox/uuid7.js";

/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").Draft} Draft */

/**
 * @param {string} key
 * @param {import("../types.js").ClipFacts} facts
 * @returns {Promise<void>} once the clip is in storage
 */
export async function clip(key, facts) {
  const { title, authors, author_count, published } = facts.paper;
  await saveLocal({ last: { key, title, authors, author_count, published } });
  await fillStub(key, facts);
}

/**
 * Tells the library what a page says of a paper of which it knows an identifier alone. The reader did nothing: it is not the last clipped.
 * @param {string} key
 * @param {import("../types.js").ClipFacts} facts
 * @returns {Promise<void>} once it is in storage
 */
export async function fillStub(key, facts) {
  const made = new Date().toISOString();
  const entry = await newEntry(key, {
    act: "clip",
    title: facts.paper.title,
    made,
    clip: { clipped_at: made, ...facts },
  });
  await updateEntries((all) =>
    all.some(isRefusedClip(key))
      ? all.map((old) => (isRefusedClip(key)(old) ? entry : old))
      : [...all, entry],
  );
}

/** A new clip takes the place of a refused one, in front of all that waits behind it. @param {string} key @returns {(entry: Entry) => boolean} */
const isRefusedClip = (key) => (entry) =>
  entry.key === key && entry.act === "clip" && entry.state === "refused";

/**
 * Moves the paper to the trash. One that the library refused was never there: it is discarded, with all that waits behind it.
 * @param {string} key
 */
export async function moveToTrash(key) {
  const refused = (await loadEntries()).find(isRefusedClip(key));
  if (refused) await discardEntry(refused.id);
  else await enqueue(key, { act: "remove" });
}

/** @returns {Promise<import("../types.js").PaperSummary | null>} the paper clipped last */
export const lastClipped = async () => (await loadLocal("last")) ?? null;

/**
 * @param {string} key
 * @param {Partial<Entry> & { act: import("../types.js").EntryKind }} entry
 * @returns {Promise<void>} once it is in storage
 */
export async function enqueue(key, entry) {
  await addEntry(await newEntry(key, entry));
}

/** @param {string} key @param {Partial<Entry> & { act: import("../types.js").EntryKind }} entry @returns {Promise<Entry>} */
async function newEntry(key, entry) {
  const instance = (await loadConnection())?.instance_id ?? "";
  const title = entry.title ?? (await titleOf(key));
  return {
    id: uuid7(),
    key,
    title,
    made: new Date().toISOString(),
    instance,
    tried: false,
    state: "waiting",
    reason: "",
    ...entry,
  };
}

/** @param {string} key @returns {Promise<string>} as far as it is known here */
async function titleOf(key) {
  const last = await lastClipped();
  const queued = (await loadEntries()).find((entry) => entry.key === key);
  return queued?.title ?? (last?.key === key ? last.title : key);
}

/**
 * Keeps what stands in the note's field. Which note that is, and from which version the reader began, is settled at the first keystroke.
 * @param {string} key
 * @param {string} body
 */
export const editNote = (key, body) => lockDrafts(() => saveTyped(key, body));

/** @param {string} key @param {string} body */
async function saveTyped(key, body) {
  const queued = (await loadEntries()).findLast(
    (entry) => entry.key === key && entry.act === "note",
  );
  const shown = (await cachedPaper(key))?.note;
  const begun =
    (await loadDraft(key)) ?? queued?.note ?? (shown && { note_id: shown.id, base: shown.version });
  await saveDraft(key, { note_id: begun?.note_id ?? uuid7(), base: begun?.base ?? null, body });
}

/**
 * Hands the draft to the queue. An empty one is never sent: it would take away what the library holds.
 * @param {string} key
 */
export const commitNote = (key) => lockDrafts(() => enqueueTyped(key));

/** @param {string} key */
async function enqueueTyped(key) {
  const draft = await loadDraft(key);
  if (!draft) return;
  if (!draft.body.trim()) return draft.base === null ? dropEmptyDraft(key, draft) : undefined;
  if (draft.body === (await cachedPaper(key))?.note?.body && !(await isNoteQueued(draft.note_id)))
    return dropDraft(key);
  if (!(await updateQueuedNote(draft))) await enqueue(key, { act: "note", note: draft });
}

/** @param {string} key @param {Draft} draft a new note that was emptied again */
async function dropEmptyDraft(key, draft) {
  if (!(await isNoteQueued(draft.note_id))) await dropDraft(key);
}

/** @param {string} noteId @returns {Promise<boolean>} */
const isNoteQueued = async (noteId) =>
  (await loadEntries()).some((entry) => entry.note?.note_id === noteId);

/**
 * Puts the text into the entry that waits with an older one, unless that may have reached the server already.
 * @param {Draft} draft
 * @returns {Promise<boolean>} whether there is nothing left to queue
 */
async function updateQueuedNote(draft) {
  let done = false;
  await updateEntries((all) => {
    const last = all.findLast((entry) => entry.note?.note_id === draft.note_id);
    const open = last && (!last.tried || last.state !== "waiting");
    done = Boolean(open || last?.note?.body === draft.body);
    return open
      ? all.map((entry) => (entry.id === last.id ? withBody(entry, draft.body) : entry))
      : all;
  });
  return done;
}

/** @param {Entry} entry @param {string} body @returns {Entry} a conflict stays one until the reader has chosen */
const withBody = (entry, body) => ({
  ...entry,
  note: { .../** @type {Draft} */ (entry.note), body },
  state: entry.state === "refused" ? "waiting" : entry.state,
});

/** Commits what was typed before the worker was put to sleep. */
export async function commitAllDrafts() {
  for (const key of await draftedPapers()) await commitNote(key);
}

/**
 * The reader chose the text where two differ: it goes on top of theirs.
 * @param {string} key
 * @param {string} body
 */
export async function resolveConflict(key, body) {
  await dropDraft(key);
  await updateEntries((all) =>
    all.map((entry) =>
      entry.key === key && entry.state === "conflict" ? resolved(entry, body) : entry,
    ),
  );
}

/** @param {Entry} entry @param {string} body @returns {Entry} */
function resolved({ theirs, ...entry }, body) {
  const note = /** @type {Draft} */ (entry.note);
  return {
    ...entry,
    state: "waiting",
    tried: false,
    note: { note_id: note.note_id, base: theirs?.version ?? note.base, body },
  };
}

/**
 * Asks the library which of these it has, and tells it the numbers that a digest page shows of those. Away, nothing is learnt.
 * @param {import("../messages.js").LookupRequest} look
 * @returns {Promise<boolean>} whether the library answered
 */
export async function lookUp({ seen, page, day }) {
  const to = await loadConnection();
  if (!to || !seen.length) return false;
  const revision = cacheRevision();
  const { status, body } = await callApi(to, "POST", "/papers/lookup", {
    body: { identifiers: seen.map((one) => one.key) },
  }).catch(unreachable);
  if (status !== 200) return false;
  for (const { identifier, paper } of body.items)
    await updateCache(identifier, { paper }, revision);
  const inLibrary = new Set(
    body.items
      .filter((/** @type {any} */ item) => item.paper)
      .map((/** @type {any} */ item) => item.identifier),
  );
  const items = seen.filter(
    (one) => inLibrary.has(one.key) && (one.upvotes !== null || one.comments !== null),
  );
  if (page?.kind === "digest" && items.length) {
    const sightings = items.map(({ key, upvotes, comments }) => ({
      identifier: key,
      upvotes,
      comments,
    }));
    await callApi(to, "POST", "/sightings", { body: { page, day, items: sightings } }).catch(
      unreachable,
    );
  }
  return true;
}

/** @param {unknown} error @returns {{ status: number, body: any }} */
function unreachable(error) {
  if (error instanceof ServerUnreachable) return { status: 0, body: null };
  throw error;
}

/** Gets the newest note of ours, to be shown and edited, and how many there are: others may have been made since the page was read. @param {string} key */
export async function refreshNotes(key) {
  const to = await loadConnection();
  const revision = cacheRevision();
  const paper = (await cachedPaper(key))?.paper;
  if (!to || !paper) return;
  const { status, body } = await callApi(to, "GET", `${paperPath(paper.id)}/annotations`).catch(
    unreachable,
  );
  if (status !== 200) return;
  const notes = body.items.filter(
    (/** @type {any} */ one) => one.kind === "note" && !one.deleted_at,
  );
  const newest = notes.findLast((/** @type {any} */ one) => one.made_in === "extension");
  const note = newest && { id: newest.id, version: newest.version, body: newest.body };
  await updateCache(key, { paper: { ...paper, notes: notes.length }, note }, revision);
}

/** @param {string} prefix @returns {Promise<{ name: string, papers: number }[]>} tags that begin so; none when the library is away */
export async function suggestTags(prefix) {
  const to = await loadConnection();
  const { status, body } = to
    ? await callApi(to, "GET", `/tags?prefix=${encodeURIComponent(prefix)}`).catch(unreachable)
    : { status: 0, body: null };
  return status === 200 ? body.items.slice(0, 5) : [];
}
