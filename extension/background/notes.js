/**
 * Saves notes as they are typed: every keystroke updates a draft, and the draft is queued in the
 * outbox when the reader stops typing.
 */
import { draftedPapers, dropDraft, loadDraft, lockDrafts, saveDraft } from "../outbox/drafts.js";
import { loadEntries, updateEntries } from "../outbox/outbox.js";
import { uuid7 } from "../outbox/uuid7.js";
import { cachedPaper } from "../server/paper_cache.js";
import { enqueue } from "./actions.js";

/** @typedef {import("../types.js").Draft} Draft */
/** @typedef {import("../types.js").Entry} Entry */

/**
 * Stores the contents of the note field as a draft. The first keystroke determines which note is
 * being edited and which version the edit is based on.
 * @param {string} key
 * @param {string} body
 */
export const editNote = (key, body) =>
  lockDrafts(async () => {
    const base = (await loadDraft(key)) ?? (await queuedNote(key)) ?? (await shownNote(key));
    await saveDraft(key, { note_id: base?.note_id ?? uuid7(), base: base?.base ?? null, body });
  });

/** @param {string} key @returns {Promise<Draft | undefined>} */
const queuedNote = async (key) =>
  (await loadEntries()).findLast((entry) => entry.key === key && entry.act === "note")?.note;

/** @param {string} key @returns {Promise<{ note_id: string, base: string } | null>} */
async function shownNote(key) {
  const note = (await cachedPaper(key))?.note;
  return note ? { note_id: note.id, base: note.version } : null;
}

/**
 * Moves the draft to the outbox. An empty draft is never sent, since it would erase the note in the
 * library.
 * @param {string} key
 */
export const commitNote = (key) => lockDrafts(() => enqueueDraft(key));

/** Queues all drafts left over from a previous worker. */
export async function commitAllDrafts() {
  for (const key of await draftedPapers()) await commitNote(key);
}

/** @param {string} key */
async function enqueueDraft(key) {
  const draft = await loadDraft(key);
  if (!draft) return;
  const isQueued = await isNoteQueued(draft.note_id);
  if (!draft.body.trim()) {
    if (draft.base === null && !isQueued) await dropDraft(key);
  } else if (!isQueued && draft.body === (await cachedPaper(key))?.note?.body) {
    await dropDraft(key);
  } else if (!(await updateQueuedNote(draft))) {
    await enqueue(key, { act: "note", note: draft });
  }
}

/** @param {string} noteId @returns {Promise<boolean>} */
const isNoteQueued = async (noteId) =>
  (await loadEntries()).some((entry) => entry.note?.note_id === noteId);

/**
 * Updates the queued entry for the same note, unless that entry may already have reached the
 * server.
 * @param {Draft} draft
 * @returns {Promise<boolean>} whether the outbox now contains the text
 */
async function updateQueuedNote(draft) {
  let isUpToDate = false;
  await updateEntries((all) => {
    const last = all.findLast((entry) => entry.note?.note_id === draft.note_id);
    if (last && mayChange(last)) {
      isUpToDate = true;
      return all.map((entry) => (entry === last ? withBody(entry, draft.body) : entry));
    }
    isUpToDate = last?.note?.body === draft.body;
    return all;
  });
  return isUpToDate;
}

/** @param {Entry} entry @returns {boolean} */
const mayChange = (entry) => !entry.tried || entry.state !== "waiting";

/** @param {Entry} entry @param {string} body @returns {Entry} a conflict remains a conflict */
const withBody = (entry, body) => ({
  ...entry,
  note: { .../** @type {Draft} */ (entry.note), body },
  state: entry.state === "refused" ? "waiting" : entry.state,
});

/**
 * Resolves a conflict with the reader's choice, based on the version they were shown.
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
  const { note_id, base } = /** @type {Draft} */ (entry.note);
  const note = { note_id, base: theirs?.version ?? base, body };
  return { ...entry, state: "waiting", tried: false, note };
}
