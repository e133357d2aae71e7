/**
 * Builds the view of a paper: the last state reported by the server, overlaid with the edits in the
 * outbox and the draft. `viewsOf` loads this data; all other functions are pure.
 */
import { loadDraft } from "../outbox/drafts.js";
import { loadEntries, loadPause } from "../outbox/outbox.js";
import { loadConnection } from "../server/connection.js";
import { cachedPaper } from "../server/paper_cache.js";

/** @typedef {import("../types.js").CachedPaper} CachedPaper */
/** @typedef {import("../types.js").Draft} Draft */
/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").NoteView} NoteView */
/** @typedef {import("../types.js").PaperState} PaperState */
/** @typedef {import("../types.js").PaperView} PaperView */
/** @typedef {import("../types.js").Pause} Pause */

/**
 * @typedef {object} LocalState  The data stored in this browser for a paper.
 * @property {CachedPaper | null} cached
 * @property {Entry[]} entries  the paper's outbox entries, oldest first
 * @property {Draft | null} draft
 *
 * @typedef {{ pause: Pause, connected: boolean, waiting: number }} Sending
 *   `waiting` is the number of papers in the outbox
 * @typedef {Pick<PaperView, "state" | "message" | "fix_in_options">} ClipState
 */

/**
 * @param {string[]} keys
 * @returns {Promise<Record<string, PaperView>>}
 */
export async function viewsOf(keys) {
  const [all, pause, connection] = await Promise.all([
    loadEntries(),
    loadPause(),
    loadConnection(),
  ]);
  const waiting = outboxPapers(all).length;
  const sending = { pause, connected: Boolean(connection), waiting };
  const views = keys.map(async (key) => viewOf(key, await localState(key, all), sending));
  return Object.fromEntries((await Promise.all(views)).map((view) => [view.key, view]));
}

/** @param {string} key @param {Entry[]} all @returns {Promise<LocalState>} */
const localState = async (key, all) => ({
  cached: await cachedPaper(key),
  entries: all.filter((entry) => entry.key === key),
  draft: await loadDraft(key),
});

/**
 * @param {string} key
 * @param {LocalState} local
 * @param {Sending} sending
 * @returns {PaperView}
 */
export function viewOf(key, { cached, entries, draft }, sending) {
  const paper = cached?.paper ?? null;
  const inLibrary = Boolean(paper && paper.mine !== false && !paper.deleted_at);
  const last = entries.findLast((entry) => ["clip", "remove", "restore"].includes(entry.act));
  return {
    key,
    ...clipState(last, inLibrary, entries, sending),
    ...withQueuedEdits(paper, entries),
    ...noteCounts(inLibrary ? cached : null),
    note: noteView(cached?.note, entries, draft),
    in_trash: last ? last.act === "remove" : Boolean(paper?.deleted_at),
    stub: inLibrary && !last && Boolean(paper?.stub),
    page_url: paper?.page_url ?? "",
    clipped_at: paper?.clipped_at ?? queuedClip(entries)?.made ?? null,
  };
}

/** @param {CachedPaper | null} cached */
function noteCounts(cached) {
  const notes = cached?.paper?.notes ?? 0;
  return { notes, other_notes: Math.max(0, notes - (cached?.note ? 1 : 0)) };
}

/** @param {Entry[]} entries */
const queuedClip = (entries) => entries.find((entry) => entry.act === "clip");

/** @param {PaperState | null} paper @param {Entry[]} entries */
function withQueuedEdits(paper, entries) {
  let { status = "unread", starred = false, tags = /** @type {string[]} */ ([]) } = paper ?? {};
  for (const { act, change, tag = "", state } of entries) {
    if (state === "refused") continue;
    status = change?.status ?? status;
    starred = change?.starred ?? starred;
    if (act === "tag" || act === "untag") tags = tags.filter((other) => !isSameTag(other, tag));
    if (act === "tag") tags = [...tags, tag];
  }
  return { status, starred, tags };
}

/** @param {string} one @param {string} other */
const isSameTag = (one, other) => one.toLocaleLowerCase("und") === other.toLocaleLowerCase("und");

/**
 * @param {Entry | undefined} last  the latest clip, trash or restore entry
 * @param {boolean} inLibrary
 * @param {Entry[]} entries
 * @param {Sending} sending
 * @returns {ClipState}
 */
function clipState(last, inLibrary, entries, sending) {
  if (last?.state === "refused")
    return { state: "failed", message: last.reason, fix_in_options: false };
  if (last?.act === "clip" || last?.act === "restore") return waitingState(sending);
  const state = inLibrary && !last ? "saved" : "clip";
  return { state, message: editsMessage(entries, sending), fix_in_options: false };
}

/**
 * @param {Entry[]} entries
 * @param {Sending} sending
 * @returns {string} why edits have not been sent yet, or ""
 */
function editsMessage(entries, sending) {
  const refused = entries.find((entry) => entry.state === "refused");
  if (refused) return refused.reason;
  return entries.length && sending.pause.kind ? waitingState(sending).message : "";
}

/** @param {Sending} sending @returns {ClipState} */
function waitingState({ pause, connected, waiting }) {
  if (pause.kind === "revoked")
    return { state: "failed", message: "Disconnected: connect again", fix_in_options: true };
  if (!connected)
    return {
      state: "waiting",
      message: "Kept in this browser. Connect to send it",
      fix_in_options: true,
    };
  if (pause.kind === "other-library")
    return {
      state: "waiting",
      message: "Kept in this browser. Clipped for another library",
      fix_in_options: true,
    };
  if (pause.kind === "away") {
    const message = waiting > 1 ? `${waiting} waiting for the server` : "Waiting for the server";
    return { state: "waiting", message, fix_in_options: false };
  }
  return { state: "saving", message: "", fix_in_options: false };
}

/**
 * @param {import("../types.js").Note | null | undefined} saved
 * @param {Entry[]} entries
 * @param {Draft | null} draft
 * @returns {NoteView}
 */
function noteView(saved, entries, draft) {
  const queued = entries.findLast((entry) => entry.act === "note");
  return {
    body: (draft ?? queued?.note ?? saved)?.body ?? "",
    state: noteState(queued, draft, Boolean(saved)),
    reason: queued?.reason ?? "",
    theirs: queued?.theirs?.body ?? "",
  };
}

/**
 * @param {Entry | undefined} queued
 * @param {Draft | null} draft
 * @param {boolean} isSaved
 * @returns {NoteView["state"]}
 */
function noteState(queued, draft, isSaved) {
  if (queued && queued.state !== "waiting") return queued.state;
  if (draft && draft.body !== queued?.note?.body) return "draft";
  if (queued) return "waiting";
  return isSaved ? "saved" : "none";
}

/**
 * Groups the outbox by paper, for the popup.
 * @param {Entry[]} all
 * @returns {import("../types.js").OutboxPaper[]} oldest first
 */
export function outboxPapers(all) {
  /** @type {Map<string, Entry[]>} */
  const papers = new Map();
  for (const entry of all) papers.set(entry.key, [...(papers.get(entry.key) ?? []), entry]);
  return [...papers.values()].map(outboxPaper);
}

/** @param {Entry[]} entries all entries for the same paper */
function outboxPaper(entries) {
  const [{ key, title, made }] = entries;
  const { id, state, reason } = entries.find((entry) => entry.state !== "waiting") ?? entries[0];
  const parts = [...new Set(entries.map((entry) => PART_NAMES[entry.act]))];
  return { id, key, title, made, parts, state, reason };
}

/** @type {Record<import("../types.js").EntryKind, string>} */
const PART_NAMES = {
  clip: "clip",
  change: "status",
  tag: "tag",
  untag: "tag",
  note: "note",
  remove: "move to trash",
  restore: "restore",
};
