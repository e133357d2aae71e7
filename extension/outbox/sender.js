/** How each thing the reader did is told to the server, and what its answer means for the queue. */
import { loadDraft, dropDraft, lockDrafts, saveDraft } from "./drafts.js";
import { cachedPaper, updateCache, cachePaperRow } from "../server/paper_cache.js";
import { updateEntries } from "./outbox.js";
import { ServerUnreachable, callApi, paperPath, problemText } from "../server/client.js";
import { loadConnection } from "../server/connection.js";

/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").Outcome} Outcome */
/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../server/client.js").ApiResponse} ApiResponse */

/**
 * Sends one entry.
 * @param {Entry} entry
 * @returns {Promise<Outcome>}
 */
export async function sendEntry(entry) {
  const to = await loadConnection();
  if (!to) return pause("unconnected");
  try {
    return await outcomeOf(entry, await REQUESTS[entry.act](to, entry));
  } catch (error) {
    if (error instanceof ServerUnreachable) return pause("away");
    throw error;
  }
}

/** @type {Record<import("../types.js").EntryKind, (to: Connection, entry: Entry) => Promise<ApiResponse>>} */
const REQUESTS = {
  clip: (to, entry) =>
    callApi(to, "PUT", `/clips/${entry.id}`, { body: entry.clip, instance: entry.instance }),
  change: changePaper,
  tag: async (to, entry) => callApi(to, "PUT", await tagPath(entry), { instance: entry.instance }),
  untag: async (to, entry) =>
    callApi(to, "DELETE", await tagPath(entry), { instance: entry.instance }),
  note: putNote,
  remove: async (to, entry) =>
    callApi(to, "DELETE", await paperPathOf(entry), { instance: entry.instance }),
  restore: async (to, entry) =>
    callApi(to, "POST", `${await paperPathOf(entry)}/restore`, {
      body: {},
      instance: entry.instance,
    }),
};

/** @param {Entry} entry */
const paperPathOf = async (entry) =>
  paperPath((await cachedPaper(entry.key))?.paper?.id ?? entry.key);

/** @param {Entry} entry */
const tagPath = async (entry) =>
  `${await paperPathOf(entry)}/tags/${encodeURIComponent(entry.tag ?? "")}`;

/**
 * Status and star are the reader's last click, whatever the paper was meanwhile: a stale version is renewed and the change sent again.
 * @param {Connection} to
 * @param {Entry} entry
 * @returns {Promise<ApiResponse>}
 */
async function changePaper(to, entry) {
  const path = await paperPathOf(entry);
  const current = await callApi(to, "GET", path, { instance: entry.instance });
  if (current.status !== 200) return current;
  const patch = (/** @type {string} */ version) =>
    callApi(to, "PATCH", path, { body: entry.change, if_match: version, instance: entry.instance });
  const response = await patch(current.body.version);
  return isStaleVersion(response) ? patch(response.body.current.version) : response;
}

/** @param {Connection} to @param {Entry} entry @returns {Promise<ApiResponse>} */
async function putNote(to, entry) {
  const { note_id, base, body } = /** @type {import("../types.js").Draft} */ (entry.note);
  const paper = (await cachedPaper(entry.key))?.paper?.id ?? entry.key;
  const put = { paper, kind: "note", body, made_in: "extension" };
  return callApi(to, "PUT", `/annotations/${note_id}`, {
    body: put,
    if_match: base ?? undefined,
    instance: entry.instance,
  });
}

/** @param {ApiResponse} response @returns {boolean} whether somebody changed it meanwhile; the answer then carries what it is now */
const isStaleVersion = ({ status, body }) => status === 412 && Boolean(body?.current);

/**
 * 404 to an act on a paper that is gone for good, like every other refusal, is the reader's to see.
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
  if (status >= 400 && status < 500 && ![408, 425, 429].includes(status))
    return { kind: "refused", reason: problemText(response) };
  return pause("away", retry_after);
}

/** @param {import("../types.js").PauseKind} reason @param {number} [retry_after] @returns {Outcome} */
const pause = (reason, retry_after = 0) => ({ kind: "pause", reason, retry_after });

/** @param {any} annotation @returns {import("../types.js").Note} */
const toNote = ({ id, version, body }) => ({ id, version, body });

/** Notes down what the server now has. @param {Entry} entry @param {any} body @returns {Promise<Outcome>} */
async function recordSuccess(entry, body) {
  if (entry.act === "note") await lockDrafts(() => recordSavedNote(entry, toNote(body)));
  else await cachePaperRow(entry.key, entry.act === "clip" ? body.paper : body);
  return { kind: "done" };
}

/**
 * The draft goes if it is what the server has now; what was typed since begins from the new version, and so do edits that wait.
 * @param {Entry} entry
 * @param {import("../types.js").Note} now
 */
async function recordSavedNote(entry, now) {
  const paper = (await cachedPaper(entry.key))?.paper ?? null;
  const isNew = entry.note?.base === null;
  await updateCache(entry.key, {
    note: now,
    paper: paper && { ...paper, notes: Math.max(paper.notes + (isNew ? 1 : 0), 1) },
  });
  await updateEntries((all) =>
    all.map((other) =>
      other.note?.note_id === now.id
        ? { ...other, note: { ...other.note, base: now.version } }
        : other,
    ),
  );
  const typed = await loadDraft(entry.key);
  if (typed?.body === entry.note?.body) await dropDraft(entry.key);
  else if (typed) await saveDraft(entry.key, { ...typed, base: now.version });
}
