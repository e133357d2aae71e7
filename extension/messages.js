/**
 * The messages exchanged between the parts of the extension. Pages send requests to the background
 * worker, which responds to them and broadcasts changes to all pages.
 *
 * @typedef {import("./types.js").PaperView} PaperView
 * @typedef {import("./types.js").ClipFacts} ClipFacts
 * @typedef {import("./types.js").PageRef} PageRef
 * @typedef {{ key: string, upvotes: number | null, comments: number | null }} Seen
 *
 * @typedef {{ type: "lookup", seen: Seen[], page: PageRef | null, day: string }} LookupRequest
 *   sent when a page is opened or the connection changes. If `page` is a digest page, its upvotes
 *   and comments are recorded for papers in the library. `day` is the day of the digest, or today
 * @typedef {{ type: "clip", key: string, facts: ClipFacts }} ClipRequest
 * @typedef {{ type: "fill-stub", key: string, facts: ClipFacts }} FillStubRequest
 * @typedef {{ type: "tag" | "untag", key: string, tag: string }} TagRequest
 * @typedef {{ status?: string, starred?: boolean }} PaperChange
 * @typedef {{ type: "change", key: string, change: PaperChange }} ChangeRequest
 * @typedef {{ type: "remove" | "restore", key: string }} TrashRequest
 * @typedef {{ type: "suggest-tags", prefix: string }} SuggestTagsRequest
 * @typedef {{ type: "get-views", keys: string[] }} ViewsRequest
 * @typedef {{ type: "get-last-clipped" }} LastClippedRequest
 * @typedef {ClipRequest | FillStubRequest | TagRequest | ChangeRequest | TrashRequest}
 *   ActionRequest
 * @typedef {LookupRequest | SuggestTagsRequest | ViewsRequest | LastClippedRequest} PaperRequest
 *
 * @typedef {{ type: "open-note", key: string }} OpenNoteRequest  sent when the editor opens
 * @typedef {{ type: "edit-note", key: string, body: string }} EditNoteRequest  sent on every
 *   keystroke
 * @typedef {{ type: "commit-note", key: string }} CommitNoteRequest  sent when the field loses
 *   focus
 * @typedef {{ type: "resolve-conflict", key: string, body: string }} ResolveConflictRequest
 * @typedef {OpenNoteRequest | EditNoteRequest | CommitNoteRequest | ResolveConflictRequest}
 *   NoteRequest
 *
 * @typedef {{ type: "get-outbox" | "retry-all" | "reassign" }} OutboxRequest
 * @typedef {{ type: "retry-entry" | "discard-entry", id: string }} EntryRequest
 *
 * @typedef {{ type: "start-pairing", base: string }} StartPairingRequest
 * @typedef {{ type: "poll-pairing" | "cancel-pairing" }} PairingRequest
 * @typedef {{ type: "get-connection" | "disconnect" | "check-version" }} ConnectionRequest
 * @typedef {{ type: "open-options" | "reload-extension" }} BrowserRequest
 *
 * @typedef {ActionRequest | PaperRequest | NoteRequest | OutboxRequest | EntryRequest}
 *   LibraryRequest
 * @typedef {StartPairingRequest | PairingRequest | ConnectionRequest | BrowserRequest}
 *   ExtensionRequest
 * @typedef {LibraryRequest | ExtensionRequest} Request
 *
 * @typedef {{ type: "papers-changed", views: Record<string, PaperView> }} PapersChanged  broadcast
 * @typedef {{ type: "connection-changed" }} ConnectionChanged  broadcast
 * @typedef {{ type: "get-page-paper" }} PagePaperRequest  sent to a tab to get the paper that its
 *   page is about
 */
import { sendMessage } from "./browser.js";

/**
 * @param {Request} request
 * @returns {Promise<any>} the background worker's response
 * @throws {Error} with a user-facing message if the background worker failed
 */
export async function request(request) {
  const answer = await sendMessage(request);
  if (answer?.error) throw new Error(answer.error);
  return answer;
}

/** @param {unknown} error from browser storage @returns {string} a user-facing message */
export function errorText(error) {
  const text = String(/** @type {any} */ (error)?.message ?? error);
  return /quota|space|full|IO error/i.test(text) ? "this browser’s storage is full" : text;
}
