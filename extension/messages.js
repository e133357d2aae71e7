/**
 * What the pieces say to each other. Pages ask, the background answers; the background announces, whoever shows that paper listens.
 *
 * @typedef {import("./types.js").PaperView} PaperView
 * @typedef {import("./types.js").ClipFacts} ClipFacts
 * @typedef {{ key: string, upvotes: number | null, comments: number | null }} Seen
 *
 * @typedef {{ type: "lookup", seen: Seen[], page: import("./types.js").PageRef | null, day: string }} LookupRequest
 *   the page opened, or the connection changed: what of this is in the library? The numbers
 *   seen are noted for papers that are, where a digest page showed them; `day` is the digest's, or today
 * @typedef {{ type: "clip", key: string, facts: ClipFacts }} ClipRequest
 * @typedef {{ type: "fill-stub", key: string, facts: ClipFacts }} FillStubRequest  the library has no more than this paper's identifier
 * @typedef {{ type: "open-note", key: string }} OpenNoteRequest  the editor opens: get the note
 * @typedef {{ type: "edit-note", key: string, body: string }} EditNoteRequest  the note, at each keystroke
 * @typedef {{ type: "commit-note", key: string }} CommitNoteRequest  the field was left
 * @typedef {{ type: "resolve-conflict", key: string, body: string }} ResolveConflictRequest  the text chosen where two differ
 * @typedef {{ type: "tag" | "untag", key: string, tag: string }} TagRequest
 * @typedef {{ type: "change", key: string, change: { status?: string, starred?: boolean } }} ChangeRequest
 * @typedef {{ type: "remove" | "restore", key: string }} TrashRequest
 * @typedef {{ type: "suggest-tags", prefix: string }} SuggestTagsRequest
 * @typedef {{ type: "get-views", keys: string[] }} ViewsRequest
 * @typedef {{ type: "get-last-clipped" }} LastClippedRequest  the paper clipped last
 * @typedef {{ type: "get-outbox" } | { type: "retry-all" } | { type: "reassign" } | { type: "retry-entry" | "discard-entry", id: string }} OutboxRequest
 * @typedef {{ type: "get-connection" } | { type: "start-pairing", base: string } | { type: "poll-pairing" } | { type: "cancel-pairing" } | { type: "disconnect" }} ConnectionRequest
 * @typedef {{ type: "open-options" }} OpenOptionsRequest
 * @typedef {{ type: "check-version" } | { type: "reload-extension" }} VersionRequest
 * @typedef {LookupRequest | ClipRequest | FillStubRequest | OpenNoteRequest | EditNoteRequest | CommitNoteRequest | ResolveConflictRequest | TagRequest | ChangeRequest | TrashRequest | SuggestTagsRequest | ViewsRequest | LastClippedRequest
 *   | OutboxRequest | ConnectionRequest | OpenOptionsRequest | VersionRequest} Request
 *
 * @typedef {{ type: "papers-changed", views: Record<string, PaperView> }} PapersChanged
 * @typedef {{ type: "connection-changed" }} ConnectionChanged
 * @typedef {{ type: "get-page-paper" }} PagePaperRequest  to a page: which paper are you about?
 */
import { sendMessage } from "./browser.js";

/**
 * @param {Request} request
 * @returns {Promise<any>} the background's answer
 * @throws {Error} with words for the reader, where the background could not do it
 */
export async function request(request) {
  const answer = await sendMessage(request);
  if (answer?.error) throw new Error(answer.error);
  return answer;
}

/** What the browser says against keeping something, in the reader's words where it is known. @param {unknown} error @returns {string} */
export function errorText(error) {
  const text = String(/** @type {any} */ (error)?.message ?? error);
  return /quota|space|full|IO error/i.test(text) ? "this browser’s storage is full" : text;
}
