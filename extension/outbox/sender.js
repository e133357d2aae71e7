/** Sends outbox entries to the server and maps each response to an outcome. */
import { cachePaperRow, cachedPaper, updateCache } from "../server/paper_cache.js";
import { ServerUnreachable, callApi, paperPath, problemText } from "../server/client.js";
import { loadConnection } from "../server/connection.js";
import { dropDraft, loadDraft, lockDrafts, saveDraft } from "./drafts.js";
import { updateEntries } from "./outbox.js";

/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../types.js").Draft} Draft */
/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").Note} Note */
/** @typedef {import("../types.js").Outcome} Outcome */
/** @typedef {import("../server/client.js").ApiResponse} ApiResponse */
/** @typedef {import("../server/client.js").RequestOptions} RequestOptions */
/**
 * @typedef {(method: string, path: string, options?: RequestOptions) => Promise<ApiResponse>}
 *   SendRequest
 * @typedef {(entry: Entry, ref: string, send: SendRequest) => Promise<ApiResponse>} SendEntry
 *   `ref` is the paper's id or identifier
 */

/**
 * Transient client errors, which are worth retrying: Request Timeout, Too Early, Too Many Requests.
 */
const TEMPORARY = [408, 425, 429];

/** @param {Entry} entry @returns {Promise<Outcome>} */
export async function sendEntry(entry) {
  const connection = await loadConnection();
  if (!connection) return pause("unconnected");
  try {
    return await outcomeOf(entry, await sendRequestFor(entry, connection));
  } catch (error) {
    if (error instanceof ServerUnreachable) return pause("away");
    throw error;
  }
}

/** @param {Entry} entry @param {Connection} connection @returns {Promise<ApiResponse>} */
async function sendRequestFor(entry, connection) {
  const ref = (await cachedPaper(entry.key))?.paper?.id ?? entry.key;
  const { instance } = entry;
  return REQUESTS[entry.act](entry, ref, (method, path, options) =>
    callApi(connection, method, path, { instance, ...options }),
  );
}

/** @type {Record<import("../types.js").EntryKind, SendEntry>} */
const REQUESTS = {
  clip: ({ id, clip }, _, send) => send("PUT", `/clips/${id}`, { body: clip }),
  change: changePaper,
  tag: (entry, ref, send) => send("PUT", tagPath(entry, ref)),
  untag: (entry, ref, send) => send("DELETE", tagPath(entry, ref)),
  note: putNote,
  remove: (_, ref, send) => send("DELETE", paperPath(ref)),
  restore: (_, ref, send) => send("POST", `${paperPath(ref)}/restore`, { body: {} }),
};

/** @param {Entry} entry @param {string} ref @returns {string} */
const tagPath = ({ tag = "" }, ref) => `${paperPath(ref)}/tags/${encodeURIComponent(tag)}`;

/**
 * Sets status and star; the last write wins. If the version is stale, retries once with the current
 * version.
 * @param {Entry} entry
 * @param {string} ref
 * @param {SendRequest} send
 */
async function changePaper({ change }, ref, send) {
  const path = paperPath(ref);
  const current = await send("GET", path);
  if (current.status !== 200) return current;
  const patch = (/** @type {string} */ version) =>
    send("PATCH", path, { body: change, if_match: version });
  const response = await patch(current.body.version);
  return isStaleVersion(response) ? patch(response.body.current.version) : response;
}

/** @param {Entry} entry @param {string} ref @param {SendRequest} send */
function putNote({ note }, ref, send) {
  const { note_id, base, body } = /** @type {Draft} */ (note);
  return send("PUT", `/annotations/${note_id}`, {
    body: { paper: ref, kind: "note", body, made_in: "extension" },
    if_match: base ?? undefined,
  });
}

/**
 * @param {ApiResponse} response
 * @returns {boolean} whether the edit conflicts; if so, the body contains the current version
 */
const isStaleVersion = ({ status, body }) => status === 412 && Boolean(body?.current);

/**
 * Treats a 404 for a purged paper as a refusal, so that it is shown to the reader.
 * @param {Entry} entry
 * @param {ApiResponse} response
 * @returns {Promise<Outcome>}
 */
async function outcomeOf(entry, response) {
  const { status, body, retry_after } = response;
  if (status >= 200 && status < 300 && body) return recordSuccess(entry, body);
  if (status === 401 || status === 403) return pause("revoked");
  if (status === 412 && String(body?.type).endsWith("/other-instance"))
    return pause("other-library");
  if (isStaleVersion(response) && entry.act === "note")
    return { kind: "conflict", theirs: toNote(body.current) };
  if (status >= 400 && status < 500 && !TEMPORARY.includes(status))
    return { kind: "refused", reason: problemText(response) };
  return pause("away", retry_after);
}

/**
 * @param {import("../types.js").PauseKind} reason
 * @param {number} [retry_after]
 * @returns {Outcome}
 */
const pause = (reason, retry_after = 0) => ({ kind: "pause", reason, retry_after });

/** @param {any} annotation @returns {Note} */
const toNote = ({ id, version, body }) => ({ id, version, body });

/**
 * Updates the cache after the server has accepted an entry.
 * @param {Entry} entry
 * @param {any} body
 * @returns {Promise<Outcome>}
 */
async function recordSuccess(entry, body) {
  if (entry.act === "note") await lockDrafts(() => recordSavedNote(entry, toNote(body)));
  else await cachePaperRow(entry.key, entry.act === "clip" ? body.paper : body);
  return { kind: "done" };
}

/**
 * Rebases the draft and queued edits of the note onto its new version. Drops the draft if it is
 * unchanged.
 * @param {Entry} entry
 * @param {Note} saved
 */
async function recordSavedNote(entry, saved) {
  await cacheSavedNote(entry, saved);
  await updateEntries((all) => all.map((other) => rebased(other, saved)));
  const draft = await loadDraft(entry.key);
  if (draft?.body === entry.note?.body) await dropDraft(entry.key);
  else if (draft) await saveDraft(entry.key, { ...draft, base: saved.version });
}

/** @param {Entry} entry @param {Note} saved */
async function cacheSavedNote(entry, saved) {
  const paper = (await cachedPaper(entry.key))?.paper ?? null;
  const added = entry.note?.base === null ? 1 : 0;
  await updateCache(entry.key, {
    note: saved,
    paper: paper && { ...paper, notes: Math.max(paper.notes + added, 1) },
  });
}

/** @param {Entry} entry @param {Note} saved @returns {Entry} */
const rebased = (entry, saved) =>
  entry.note?.note_id === saved.id
    ? { ...entry, note: { ...entry.note, base: saved.version } }
    : entry;
