/**
 * What is shown of a paper: what the server said of it, then all that waits in the queue, then what is being typed. `viewsOf` gathers these;
 * the rest is pure.
 */
import { draft } from "../outbox/drafts.js";
import { known } from "../server/known_papers.js";
import { entries, trouble } from "../outbox/outbox.js";
import { connection } from "../server/connection.js";

/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").PaperView} PaperView */
/** @typedef {import("../types.js").Known} Known */
/** @typedef {import("../types.js").Trouble} Trouble */
/** @typedef {import("../types.js").Draft} Draft */

/**
 * @param {string[]} keys
 * @returns {Promise<Record<string, PaperView>>}
 */
export async function viewsOf(keys) {
  const [all, what, connected] = await Promise.all([entries(), trouble(), connection()]);
  const about = {
    trouble: what,
    connected: Boolean(connected),
    waiting: waitingPapers(all).length,
  };
  const views = await Promise.all(
    keys.map(async (key) =>
      viewOf(
        key,
        await known(key),
        all.filter((one) => one.key === key),
        await draft(key),
        about,
      ),
    ),
  );
  return Object.fromEntries(views.map((view) => [view.key, view]));
}

/**
 * @param {string} key
 * @param {Known | null} before
 * @param {Entry[]} mine  its entries, oldest first
 * @param {Draft | null} typed
 * @param {{ trouble: Trouble, connected: boolean, waiting: number }} about
 * @returns {PaperView}
 */
export function viewOf(key, before, mine, typed, about) {
  const paper = before?.paper ?? null;
  const there = Boolean(paper && paper.mine !== false && !paper.deleted_at);
  const last = mine.findLast((entry) => ["clip", "remove", "restore"].includes(entry.act));
  const note = noteView(before, mine, typed);
  const notes = there ? (paper?.notes ?? 0) : 0;
  return {
    key,
    ...stateOf(last, there, mine, about),
    ...markedAs(paper, there, last),
    ...folded(paper, mine),
    note,
    notes,
    others: Math.max(0, notes - (before?.note ? 1 : 0)),
    page_url: paper?.page_url ?? "",
    clipped_at: paper?.clipped_at ?? mine.find((entry) => entry.act === "clip")?.made ?? null,
  };
}

/** @param {import("../types.js").PaperState | null} paper @param {boolean} there @param {Entry | undefined} last */
const markedAs = (paper, there, last) => ({
  removed: last ? last.act === "remove" : Boolean(paper?.deleted_at),
  stub: there && !last && Boolean(paper?.stub),
});

/** @param {import("../types.js").PaperState | null} paper @param {Entry[]} mine */
function folded(paper, mine) {
  let { status = "unread", starred = false, tags = /** @type {string[]} */ ([]) } = paper ?? {};
  for (const { act, change, tag = "" } of mine.filter((entry) => entry.state !== "refused")) {
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
 * @param {boolean} there  whether the server has it
 * @param {Entry[]} mine
 * @param {{ trouble: Trouble, connected: boolean, waiting: number }} about
 * @returns {{ state: import("../types.js").StripState, tell: string, mend: boolean }}
 */
function stateOf(last, there, mine, about) {
  if (last?.state === "refused") return { state: "failed", tell: last.reason, mend: false };
  if (last?.act === "clip" || last?.act === "restore") return waitingState(about);
  const refused = mine.find((entry) => entry.state === "refused");
  const tell =
    refused?.reason ?? (mine.length && about.trouble.kind ? waitingState(about).tell : "");
  return { state: there && !last ? "saved" : "clip", tell, mend: false };
}

/** @param {{ trouble: Trouble, connected: boolean, waiting: number }} about @returns {{ state: import("../types.js").StripState, tell: string, mend: boolean }} */
function waitingState({ trouble, connected, waiting }) {
  if (trouble.kind === "revoked")
    return { state: "failed", tell: "Key revoked: connect again", mend: true };
  if (!connected) return { state: "waiting", tell: "Kept here. Connect to send it", mend: true };
  if (trouble.kind === "other-library")
    return { state: "waiting", tell: "Kept here. Another library answers", mend: true };
  if (trouble.kind === "away")
    return {
      state: "waiting",
      tell: waiting > 1 ? `Kept. ${waiting} will send` : "Kept, will send",
      mend: false,
    };
  return { state: "saving", tell: "", mend: false };
}

/** @param {Known | null} before @param {Entry[]} mine @param {Draft | null} typed @returns {import("../types.js").NoteView} */
function noteView(before, mine, typed) {
  const queued = mine.findLast((entry) => entry.act === "note");
  const body = (typed ?? queued?.note ?? before?.note)?.body ?? "";
  return {
    body,
    state: noteState(queued, typed, Boolean(before?.note)),
    reason: queued?.reason ?? "",
    theirs: queued?.theirs?.body ?? "",
  };
}

/** @param {Entry | undefined} queued @param {Draft | null} typed @param {boolean} onServer @returns {import("../types.js").NoteView["state"]} */
function noteState(queued, typed, onServer) {
  if (queued && queued.state !== "waiting") return queued.state;
  if (typed && typed.body !== queued?.note?.body) return "kept";
  if (queued) return "waiting";
  return onServer ? "saved" : "none";
}

/**
 * The queue by paper, as the popup lists it.
 * @param {Entry[]} all
 * @returns {import("../types.js").WaitingPaper[]} oldest first
 */
export function waitingPapers(all) {
  /** @type {Map<string, Entry[]>} */
  const papers = new Map();
  for (const entry of all) papers.set(entry.key, [...(papers.get(entry.key) ?? []), entry]);
  return [...papers].map(([key, mine]) => {
    const worst = mine.find((entry) => entry.state !== "waiting") ?? mine[0];
    const parts = [...new Set(mine.map((entry) => PARTS[entry.act]))];
    return {
      id: worst.id,
      key,
      title: mine[0].title,
      made: mine[0].made,
      parts,
      state: worst.state,
      reason: worst.reason,
    };
  });
}

/** @type {Record<import("../types.js").Act, string>} */
const PARTS = {
  clip: "clip",
  change: "mark",
  tag: "tag",
  untag: "tag",
  note: "note",
  remove: "removal",
  restore: "return",
};
