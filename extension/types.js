/**
 * Types shared by all parts of the extension. `ClipBody`, `PaperState` and `Note` mirror the server's
 * API (PUT /api/v1/clips, POST /api/v1/papers/lookup, annotations). The fields of `Entry`, `Draft`,
 * `Pause`, `Connection`, `Pairing` and `PaperSummary` are persisted in the browser and must not be
 * renamed.
 *
 * @typedef {"digest" | "paper" | "arxiv"} PageKind
 * @typedef {{ kind: PageKind, url: string }} PageRef
 * @typedef {"day" | "week" | "month" | "trending" | "search"} DigestKind
 * @typedef {{ kind: DigestKind, day: string | null, rank: number | null }} DigestPosition  `day` is
 *   YYYY-MM-DD
 *
 * @typedef {object} PaperFacts  A paper's metadata as read from a page; missing fields are empty.
 * @property {string} title
 * @property {string} abstract
 * @property {string[]} authors
 * @property {number | null} author_count
 * @property {string | null} published  YYYY-MM-DD
 * @property {string} arxiv_id  without version
 * @property {number | null} arxiv_version
 * @property {string} doi
 * @property {string} url
 * @property {string} organisation
 * @property {string[]} keywords
 * @property {string} ai_summary
 * @property {string} thumbnail_url
 * @property {string} code_url
 * @property {string} project_url
 *
 * @typedef {object} ClipFacts  All data read from a page about a paper, including its position.
 * @property {"data" | "card"} source  the page's structured data, or the visible content only
 * @property {PageRef} page
 * @property {DigestPosition | null} digest
 * @property {number | null} upvotes
 * @property {number | null} comments
 * @property {PaperFacts} paper
 *
 * @typedef {ClipFacts & { clipped_at: string }} ClipBody
 *
 * @typedef {object} PaperRow  A paper in responses other than lookups.
 * @property {string} id
 * @property {string} status
 * @property {boolean} starred
 * @property {string[]} tags
 * @property {string | null} clipped_at
 * @property {string} page_url
 * @property {boolean} [mine]
 * @property {boolean} [stub]  whether the library contains only its identifier
 * @property {string | null} [deleted_at]
 *
 * @typedef {PaperRow & { notes: number }} PaperState  A paper in the response to a lookup.
 *
 * @typedef {{ id: string, version: string, body: string }} Note
 *
 * @typedef {object} CachedPaper  The last state of a paper reported by the server.
 * @property {PaperState | null} paper
 * @property {Note | null} [note]  the newest note created in the extension; absent until it has been
 *   requested
 *
 * @typedef {{ note_id: string, base: string | null, body: string }} Draft
 *   `base` is the version that the edit is based on, null for a new note
 *
 * @typedef {"clip" | "change" | "tag" | "untag" | "note" | "remove" | "restore"} EntryKind
 *
 * @typedef {object} Entry  An action by the reader, stored until the server has accepted it.
 * @property {string} id  UUIDv7; for a clip, also its id on the server
 * @property {EntryKind} act
 * @property {string} key  the paper's key, for example `arxiv:2603.06569`
 * @property {string} title  for display
 * @property {string} made  creation time, ISO 8601
 * @property {string} instance  the target library, or "" if none was connected
 * @property {boolean} tried  whether it may have reached the server already
 * @property {"waiting" | "refused" | "conflict"} state
 * @property {string} reason  why it was refused
 * @property {ClipBody} [clip]
 * @property {{ status?: string, starred?: boolean }} [change]
 * @property {string} [tag]
 * @property {Draft} [note]
 * @property {Note} [theirs]  the server's version in a conflict
 *
 * @typedef {"" | "away" | "unconnected" | "revoked" | "other-library"} PauseKind
 * @typedef {object} Pause  Why sending is paused. Stored as `trouble`.
 * @property {PauseKind} kind
 * @property {number} tries  consecutive failed attempts
 * @property {number} next  time of the next retry, Unix time in ms; 0 if user action is required
 *   first
 * @property {number} not_before  earliest retry allowed by the server (Retry-After), Unix time in ms
 *
 * @typedef {{ kind: "pause", reason: PauseKind, retry_after: number }} PauseOutcome
 *   `retry_after` is in seconds, or 0 if not specified
 * @typedef {{ kind: "done" } | { kind: "refused", reason: string }
 *   | { kind: "conflict", theirs: Note } | PauseOutcome} Outcome
 *
 * @typedef {object} Connection
 * @property {string} base  the server's base URL, without a trailing slash
 * @property {string} token
 * @property {string} instance_id
 * @property {{ id: string, name: string }} library
 *
 * @typedef {object} Pairing  A pairing in progress.
 * @property {string} base
 * @property {string} id
 * @property {string} verifier
 * @property {string[]} words
 * @property {string} instance_id
 * @property {string} approve_url
 * @property {string} expires_at
 *
 * @typedef {"clip" | "saving" | "saved" | "waiting" | "failed"} StripState
 *
 * @typedef {object} NoteView
 * @property {string} body
 * @property {"none" | "draft" | "waiting" | "saved" | "refused" | "conflict"} state
 * @property {string} reason
 * @property {string} theirs
 *
 * @typedef {object} PaperView  The state of a paper as shown in a strip, a panel or the popup.
 * @property {string} key
 * @property {StripState} state
 * @property {string} message  an explanation of the state, or ""
 * @property {boolean} fix_in_options  whether the problem can be fixed on the options page
 * @property {boolean} in_trash  whether it is in the trash or about to be moved there
 * @property {boolean} stub  whether the library contains only its identifier
 * @property {string} status
 * @property {boolean} starred
 * @property {string[]} tags
 * @property {NoteView} note
 * @property {number} notes  on the server
 * @property {number} other_notes  how many of these are not shown here
 * @property {string} page_url
 * @property {string | null} clipped_at
 *
 * @typedef {{ key: string, facts: ClipFacts }} PagePaper  a paper on the open page
 * @typedef {{ key: string, title: string, authors: string[], author_count: number | null,
 *   published: string | null }} PaperSummary
 *
 * @typedef {object} OutboxPaper  A summary of a paper's outbox entries.
 * @property {string} id  the id of the first failed entry, otherwise of the first entry
 * @property {string} key
 * @property {string} title
 * @property {string} made
 * @property {string[]} parts  the kinds of changes, for example "clip" and "tag"
 * @property {Entry["state"]} state
 * @property {string} reason
 *
 * @typedef {{ papers: OutboxPaper[], pause: Pause }} OutboxView
 *
 * @typedef {object} VersionCheck
 * @property {boolean} unreachable  whether the server is unreachable
 * @property {string} update  the newer extension version expected by the server, or ""
 * @property {boolean} ready  whether the files of that version are already on disk
 *
 * @typedef {VersionCheck & { waiting: number }} VersionView  `waiting` is the number of papers in
 *   the outbox
 *
 * @typedef {object} ConnectionView
 * @property {"none" | "waiting" | "connected"} state
 * @property {string} base
 * @property {string[]} words
 * @property {string} approve_url
 * @property {string} expires_at
 * @property {string} library
 */
export {};
