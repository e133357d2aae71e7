/**
 * The types that the parts of the extension share. `ClipBody`, `PaperState` and `Note` are those of
 * the server's API (PUT /api/v1/clips, POST /api/v1/papers/lookup, annotations). The fields of
 * `Entry`, `Draft`, `Pause`, `Connection`, `Pairing` and `PaperSummary` are stored in the browser,
 * so they keep their names.
 *
 * @typedef {"digest" | "paper" | "arxiv"} PageKind
 * @typedef {{ kind: PageKind, url: string }} PageRef
 * @typedef {"day" | "week" | "month" | "trending" | "search"} DigestKind
 * @typedef {{ kind: DigestKind, day: string | null, rank: number | null }} DigestPosition  `day` is
 *   YYYY-MM-DD
 *
 * @typedef {object} PaperFacts  The facts about a paper on a page; those it does not have are empty.
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
 * @typedef {object} ClipFacts  Everything a page has about a paper, and its position there.
 * @property {"data" | "card"} source  the page's structured data, or only the visible card
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
 * @property {boolean} [stub]  the library has only its identifier
 * @property {string | null} [deleted_at]
 *
 * @typedef {PaperRow & { notes: number }} PaperState  A paper in the response to a lookup.
 *
 * @typedef {{ id: string, version: string, body: string }} Note
 *
 * @typedef {object} CachedPaper  What the server last reported about a paper.
 * @property {PaperState | null} paper
 * @property {Note | null} [note]  the newest note made in the extension; absent until it was
 *   requested
 *
 * @typedef {{ note_id: string, base: string | null, body: string }} Draft
 *   `base` is the version that the edit is based on, null for a new note
 *
 * @typedef {"clip" | "change" | "tag" | "untag" | "note" | "remove" | "restore"} EntryKind
 *
 * @typedef {object} Entry  Something the reader did, stored until the server has it.
 * @property {string} id  UUIDv7; for a clip also the clip's id
 * @property {EntryKind} act
 * @property {string} key  the paper it is about, `arxiv:2603.06569`
 * @property {string} title  for lists
 * @property {string} made  ISO time
 * @property {string} instance  the library it is meant for, "" if none was connected
 * @property {boolean} tried  whether it may have reached the server already
 * @property {"waiting" | "refused" | "conflict"} state
 * @property {string} reason  why it was refused
 * @property {ClipBody} [clip]
 * @property {{ status?: string, starred?: boolean }} [change]
 * @property {string} [tag]
 * @property {Draft} [note]
 * @property {Note} [theirs]  the other text of a conflict
 *
 * @typedef {"" | "away" | "unconnected" | "revoked" | "other-library"} PauseKind
 * @typedef {object} Pause  Why nothing is sent at the moment. Stored as `trouble`.
 * @property {PauseKind} kind
 * @property {number} tries  failed attempts in a row
 * @property {number} next  time of the next retry, ms since 1970; 0 if the reader has to do
 *   something first
 * @property {number} not_before  earliest time that the server allows (Retry-After), ms since 1970
 *
 * @typedef {{ kind: "pause", reason: PauseKind, retry_after: number }} PauseOutcome
 *   `retry_after` is in seconds, 0 for none
 * @typedef {{ kind: "done" } | { kind: "refused", reason: string }
 *   | { kind: "conflict", theirs: Note } | PauseOutcome} Outcome
 *
 * @typedef {object} Connection
 * @property {string} base  address of the server, without a trailing slash
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
 * @typedef {object} PaperView  What a strip, a panel or the popup shows of a paper.
 * @property {string} key
 * @property {StripState} state
 * @property {string} message  why it is in this state, or ""
 * @property {boolean} fix_in_options  whether the options page can fix what `message` reports
 * @property {boolean} in_trash  in the trash, or about to be moved there
 * @property {boolean} stub  the library has only its identifier
 * @property {string} status
 * @property {boolean} starred
 * @property {string[]} tags
 * @property {NoteView} note
 * @property {number} notes  on the server
 * @property {number} other_notes  how many of them are not shown here
 * @property {string} page_url
 * @property {string | null} clipped_at
 *
 * @typedef {{ key: string, facts: ClipFacts }} PagePaper  a paper that the open page shows
 * @typedef {{ key: string, title: string, authors: string[], author_count: number | null,
 *   published: string | null }} PaperSummary
 *
 * @typedef {object} OutboxPaper  The outbox entries of a paper.
 * @property {string} id  of the first entry that failed, or else of the first
 * @property {string} key
 * @property {string} title
 * @property {string} made
 * @property {string[]} parts  what the entries do, for example "clip" and "tag"
 * @property {Entry["state"]} state
 * @property {string} reason
 *
 * @typedef {{ papers: OutboxPaper[], pause: Pause }} OutboxView
 *
 * @typedef {object} VersionCheck
 * @property {boolean} unreachable  whether the server does not respond
 * @property {string} update  the version of the extension that the server wants, "" if this one
 * @property {boolean} ready  whether that version's files are already in the extension's folder
 *
 * @typedef {VersionCheck & { waiting: number }} VersionView  `waiting` counts the papers in the
 *   outbox
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
