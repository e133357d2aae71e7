/**
 * What the pieces say to each other. Pages ask, the background answers; the background announces, whoever shows that paper listens.
 *
 * @typedef {import("./types.js").PaperView} PaperView
 * @typedef {import("./types.js").ClipFacts} ClipFacts
 * @typedef {{ key: string, upvotes: number | null, comments: number | null }} Seen
 *
 * @typedef {{ type: "look", seen: Seen[], page: import("./types.js").PageRef | null, day: string }} Look
 *   the page opened, or the connection changed: what of this is in the library? The numbers
 *   seen are noted for papers that are, where a digest page showed them; `day` is the digest's, or today
 * @typedef {{ type: "clip", key: string, facts: ClipFacts }} ClipIt
 * @typedef {{ type: "fill", key: string, facts: ClipFacts }} FillIt  the library has no more than this paper's identifier
 * @typedef {{ type: "open", key: string }} Open  the editor opens: get the note
 * @typedef {{ type: "type", key: string, body: string }} TypeIt  the note, at each keystroke
 * @typedef {{ type: "keep-note", key: string }} KeepNote  the field was left
 * @typedef {{ type: "settle", key: string, body: string }} Settle  the text chosen where two differ
 * @typedef {{ type: "tag" | "untag", key: string, tag: string }} TagIt
 * @typedef {{ type: "change", key: string, change: { status?: string, starred?: boolean } }} ChangeIt
 * @typedef {{ type: "remove" | "restore", key: string }} RemoveIt
 * @typedef {{ type: "suggest", prefix: string }} Suggest
 * @typedef {{ type: "views", keys: string[] }} AskViews
 * @typedef {{ type: "last" }} AskLast  the paper clipped last
 * @typedef {{ type: "outbox" } | { type: "try" } | { type: "readdress" } | { type: "retry" | "discard", id: string }} AboutOutbox
 * @typedef {{ type: "connection" } | { type: "connect", base: string } | { type: "poll" } | { type: "cancel" } | { type: "disconnect" }} AboutConnection
 * @typedef {{ type: "options" }} OpenOptions
 * @typedef {{ type: "upkeep" } | { type: "restart" }} AboutUpkeep
 * @typedef {Look | ClipIt | FillIt | Open | TypeIt | KeepNote | Settle | TagIt | ChangeIt | RemoveIt | Suggest | AskViews | AskLast
 *   | AboutOutbox | AboutConnection | OpenOptions | AboutUpkeep} Request
 *
 * @typedef {{ type: "changed", views: Record<string, PaperView> }} Changed
 * @typedef {{ type: "reconnected" }} Reconnected
 * @typedef {{ type: "here" }} AskHere  to a page: which paper are you about?
 */
import { send } from "./browser.js";

/**
 * @param {Request} request
 * @returns {Promise<any>} the background's answer
 * @throws {Error} with words for the reader, where the background could not do it
 */
export async function request(request) {
  const answer = await send(request);
  if (answer?.error) throw new Error(answer.error);
  return answer;
}

/** What the browser says against keeping something, in the reader's words where it is known. @param {unknown} error @returns {string} */
export function reason(error) {
  const said = String(/** @type {any} */ (error)?.message ?? error);
  return /quota|space|full|IO error/i.test(said) ? "this browser’s storage is full" : said;
}
