/** How each thing the reader did is told to the server, and what its answer means for the queue. */
import { draft, dropDraft, inTurn, keepDraft } from "./drafts.js";
import { known, learn, learnPaper } from "../server/known_papers.js";
import { change } from "./outbox.js";
import { ServerAway, call, paperPath, refusal } from "../server/client.js";
import { connection } from "../server/connection.js";

/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("../types.js").Outcome} Outcome */
/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../server/client.js").Answer} Answer */

/**
 * Sends one entry.
 * @param {Entry} entry
 * @returns {Promise<Outcome>}
 */
export async function sendEntry(entry) {
  const to = await connection();
  if (!to) return stop("unconnected");
  try {
    return await outcome(entry, await ACTS[entry.act](to, entry));
  } catch (error) {
    if (error instanceof ServerAway) return stop("away");
    throw error;
  }
}

/** @type {Record<import("../types.js").Act, (to: Connection, entry: Entry) => Promise<Answer>>} */
const ACTS = {
  clip: (to, entry) =>
    call(to, "PUT", `/clips/${entry.id}`, { body: entry.clip, instance: entry.instance }),
  change: changePaper,
  tag: async (to, entry) => call(to, "PUT", await tagPath(entry), { instance: entry.instance }),
  untag: async (to, entry) =>
    call(to, "DELETE", await tagPath(entry), { instance: entry.instance }),
  note: putNote,
  remove: async (to, entry) =>
    call(to, "DELETE", await pathOf(entry), { instance: entry.instance }),
  restore: async (to, entry) =>
    call(to, "POST", `${await pathOf(entry)}/restore`, { body: {}, instance: entry.instance }),
};

/** @param {Entry} entry */
const pathOf = async (entry) => paperPath((await known(entry.key))?.paper?.id ?? entry.key);

/** @param {Entry} entry */
const tagPath = async (entry) =>
  `${await pathOf(entry)}/tags/${encodeURIComponent(entry.tag ?? "")}`;

/**
 * Status and star are the reader's last click, whatever the paper was meanwhile: a stale version is renewed and the change sent again.
 * @param {Connection} to
 * @param {Entry} entry
 * @returns {Promise<Answer>}
 */
async function changePaper(to, entry) {
  const path = await pathOf(entry);
  const at = await call(to, "GET", path, { instance: entry.instance });
  if (at.status !== 200) return at;
  const patch = (/** @type {string} */ version) =>
    call(to, "PATCH", path, { body: entry.change, if_match: version, instance: entry.instance });
  const answer = await patch(at.body.version);
  return isStale(answer) ? patch(answer.body.current.version) : answer;
}

/** @param {Connection} to @param {Entry} entry @returns {Promise<Answer>} */
async function putNote(to, entry) {
  const { note_id, base, body } = /** @type {import("../types.js").Draft} */ (entry.note);
  const paper = (await known(entry.key))?.paper?.id ?? entry.key;
  const put = { paper, kind: "note", body, made_in: "extension" };
  return call(to, "PUT", `/annotations/${note_id}`, {
    body: put,
    if_match: base ?? undefined,
    instance: entry.instance,
  });
}

/** @param {Answer} answer @returns {boolean} whether somebody changed it meanwhile; the answer then carries what it is now */
const isStale = ({ status, body }) => status === 412 && Boolean(body?.current);

/**
 * 404 to an act on a paper that is gone for good, like every other refusal, is the reader's to see.
 * @param {Entry} entry
 * @param {Answer} answer
 * @returns {Promise<Outcome>}
 */
async function outcome(entry, answer) {
  const { status, body, retry_after } = answer;
  if (status >= 200 && status < 300 && body) return note(entry, body);
  if (status === 401 || status === 403) return stop("revoked");
  if (status === 412 && String(body?.type).endsWith("/other-instance"))
    return stop("other-library");
  if (isStale(answer) && entry.act === "note")
    return { kind: "conflict", theirs: theirs(body.current) };
  if (status >= 400 && status < 500 && ![408, 425, 429].includes(status))
    return { kind: "refused", reason: refusal(answer) };
  return stop("away", retry_after);
}

/** @param {import("../types.js").TroubleKind} trouble @param {number} [retry_after] @returns {Outcome} */
const stop = (trouble, retry_after = 0) => ({ kind: "stop", trouble, retry_after });

/** @param {any} annotation @returns {import("../types.js").Note} */
const theirs = ({ id, version, body }) => ({ id, version, body });

/** Notes down what the server now has. @param {Entry} entry @param {any} body @returns {Promise<Outcome>} */
async function note(entry, body) {
  if (entry.act === "note") await inTurn(() => noteKept(entry, theirs(body)));
  else await learnPaper(entry.key, entry.act === "clip" ? body.paper : body);
  return { kind: "done" };
}

/**
 * The draft goes if it is what the server has now; what was typed since begins from the new version, and so do edits that wait.
 * @param {Entry} entry
 * @param {import("../types.js").Note} now
 */
async function noteKept(entry, now) {
  const paper = (await known(entry.key))?.paper ?? null;
  const isNew = entry.note?.base === null;
  await learn(entry.key, {
    note: now,
    paper: paper && { ...paper, notes: Math.max(paper.notes + (isNew ? 1 : 0), 1) },
  });
  await change((all) =>
    all.map((other) =>
      other.note?.note_id === now.id
        ? { ...other, note: { ...other.note, base: now.version } }
        : other,
    ),
  );
  const typed = await draft(entry.key);
  if (typed?.body === entry.note?.body) await dropDraft(entry.key);
  else if (typed) await keepDraft(entry.key, { ...typed, base: now.version });
}
