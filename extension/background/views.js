/**
 * What is shown of a paper: what the server said of it, then all that waits in the queue, then what is being typed. `viewsOf` gathers these;
 * the rest is pure.
 */
import { loadDraft } from "../outbox/drafts.js";
import { cachedPaper } from "../server/paper_cache.js";
import { loadEntries, loadPause } from "../outbox/outbox.js";
import { loadConnection } from "../server/connection.js";

/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").PaperView} PaperView */
/** @typedef {import("../types.js").CachedPaper} CachedPaper */
/** @typedef {import("../types.js").Pause} Pause */
/** @typedef {import("../types.js").Draft} Draft */

/**
 * @param {string[]} keys
 * @returns {Promise<Record<string, PaperView>>}
 */
export async function viewsOf(keys) {
  const [all, pause, connected] = await Promise.all([loadEntries(), loadPause(), loadConnection()]);
  const sending = {
    pause: pause,
    connected: Boolean(connected),
    waiting: waitingPapers(all).length,
  };
  const views = await Promise.all(
    keys.map(async (key) =>
      viewOf(
        key,
        await cachedPaper(key),
        all.filter((one) => one.key === key),
        await loadDraft(key),
        sending,
      ),
    ),
  );
  return Object.fromEntries(views.map((view) => [view.key, view]));
}

/**
 * @param {string} key
 * @param {CachedPaper | null} cached
 * @param {Entry[]} paperEntries  its entries, oldest first
 * @param {Draft | null} draft
 * @param {{ pause: Pause, connected: boolean, waiting: number }} sending
 * @returns {PaperView}
 */
export function viewOf(key, cached, paperEntries, draft, sending) {
  const paper = cached?.paper ?? null;
  const inLibrary = Boolean(paper && paper.mine !== false && !paper.deleted_at);
  const last = paperEntries.findLast((entry) => ["clip", "remove", "restore"].includes(entry.act));
  const note = noteView(cached, paperEntries, draft);
  const notes = inLibrary ? (paper?.notes ?? 0) : 0;
  return {
    key,
    ...stateOf(last, inLibrary, paperEntries, sending),
    ...flagsOf(paper, inLibrary, last),
    ...withQueuedEdits(paper, paperEntries),
    note,
    notes,
    other_notes: Math.max(0, notes - (cached?.note ? 1 : 0)),
    page_url: paper?.page_url ?? "",
    clipped_at:
      paper?.clipped_at ?? paperEntries.find((entry) => entry.act === "clip")?.made ?? null,
  };
}

/** @param {import("../types.js").PaperState | null} paper @param {boolean} inLibrary @param {Entry | undefined} last */
const flagsOf = (paper, inLibrary, last) => ({
  in_trash: last ? last.act === "remove" : Boolean(paper?.deleted_at),
  stub: inLibrary && !last && Boolean(paper?.stub),
});

/** @param {import("../types.js").PaperState | null} paper @param {Entry[]} paperEntries */
function withQueuedEdits(paper, paperEntries) {
  let { status = "unread", starred = false, tags = /** @type {string[]} */ ([]) } = paper ?? {};
  for (const { act, change, tag = "" } of paperEntries.filter(
    (entry) => entry.state !== "refused",
  )) {
    status = change?.status ?? status;
    starred = change?.starred ?? starred;
    if (act === "tag" || act === "untag") tags = tags.filter((other) => !sameTag(other, tag));
    if (act === "tag") tags = [...tags, tag];
  }
  return { status, starred, tags };
}

/** @param {string} one @param {string} other */
const sameTag = (one, other) => one.toLocaleLowerCase("und") === other.toLocaleLowerCase("und");

/**
 * @param {Entry | undefined} last  what was last done to the paper as a whole
 * @param {boolean} inLibrary  whether the server has it
 * @param {Entry[]} paperEntries
 * @param {{ pause: Pause, connected: boolean, waiting: number }} sending
 * @returns {{ state: import("../types.js").StripState, message: string, fix_in_options: boolean }}
 */
function stateOf(last, inLibrary, paperEntries, sending) {
  if (last?.state === "refused")
    return { state: "failed", message: last.reason, fix_in_options: false };
  if (last?.act === "clip" || last?.act === "restore") return waitingState(sending);
  const refused = paperEntries.find((entry) => entry.state === "refused");
  const message =
    refused?.reason ??
    (paperEntries.length && sending.pause.kind ? waitingState(sending).message : "");
  return { state: inLibrary && !last ? "saved" : "clip", message, fix_in_options: false };
}

/** @param {{ pause: Pause, connected: boolean, waiting: number }} sending @returns {{ state: import("../types.js").StripState, message: string, fix_in_options: boolean }} */
function waitingState({ pause, connected, waiting }) {
  if (pause.kind === "revoked")
    return { state: "failed", message: "Key revoked: connect again", fix_in_options: true };
  if (!connected)
    return { state: "waiting", message: "Kept here. Connect to send it", fix_in_options: true };
  if (pause.kind === "other-library")
    return {
      state: "waiting",
      message: "Kept here. Another library answers",
      fix_in_options: true,
    };
  if (pause.kind === "away")
    return {
      state: "waiting",
      message: waiting > 1 ? `Kept. ${waiting} will send` : "Kept, will send",
      fix_in_options: false,
    };
  return { state: "saving", message: "", fix_in_options: false };
}

/** @param {CachedPaper | null} cached @param {Entry[]} paperEntries @param {Draft | null} draft @returns {import("../types.js").NoteView} */
function noteView(cached, paperEntries, draft) {
  const queued = paperEntries.findLast((entry) => entry.act === "note");
  const body = (draft ?? queued?.note ?? cached?.note)?.body ?? "";
  return {
    body,
    state: noteState(queued, draft, Boolean(cached?.note)),
    reason: queued?.reason ?? "",
    theirs: queued?.theirs?.body ?? "",
  };
}

/** @param {Entry | undefined} queued @param {Draft | null} draft @param {boolean} onServer @returns {import("../types.js").NoteView["state"]} */
function noteState(queued, draft, onServer) {
  if (queued && queued.state !== "waiting") return queued.state;
  if (draft && draft.body !== queued?.note?.body) return "draft";
  if (queued) return "waiting";
  return onServer ? "saved" : "none";
}

/**
 * The queue by paper, as the popup lists it.
 * @param {Entry[]} all
 * @returns {import("../types.js").OutboxPaper[]} oldest first
 */
export function waitingPapers(all) {
  /** @type {Map<string, Entry[]>} */
  const papers = new Map();
  for (const entry of all) papers.set(entry.key, [...(papers.get(entry.key) ?? []), entry]);
  return [...papers].map(([key, paperEntries]) => {
    const worst = paperEntries.find((entry) => entry.state !== "waiting") ?? paperEntries[0];
    const parts = [...new Set(paperEntries.map((entry) => PART_NAMES[entry.act]))];
    return {
      id: worst.id,
      key,
      title: paperEntries[0].title,
      made: paperEntries[0].made,
      parts,
      state: worst.state,
      reason: worst.reason,
    };
  });
}

/** @type {Record<import("../types.js").EntryKind, string>} */
const PART_NAMES = {
  clip: "clip",
  change: "mark",
  tag: "tag",
  untag: "tag",
  note: "note",
  remove: "removal",
  restore: "return",
};
