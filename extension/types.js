/**
 * The shapes that pass between the pieces. Types alone: nothing here runs.
 * `ClipBody`, `PaperState` and `Note` are the server's (PUT /api/v1/clips, POST /api/v1/papers/lookup, annotations).
 *
 * @typedef {"digest" | "paper" | "arxiv"} PageKind
 * @typedef {{ kind: PageKind, url: string }} PageRef
 * @typedef {"day" | "week" | "month" | "trending" | "search"} DigestKind
 * @typedef {{ kind: DigestKind, day: string | null, rank: number | null }} DigestPosition  `day` is YYYY-MM-DD
 *
 * @typedef {object} PaperFacts  What one page says of a paper; empty means that the page does not say.
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
 * @typedef {object} ClipFacts  All a page says of one paper and of where it stands there.
 * @property {"data" | "card"} source  what the page states for machines, or only the visible card
 * @property {PageRef} page
 * @property {DigestPosition | null} digest
 * @property {number | null} upvotes
 * @property {number | null} comments
 * @property {PaperFacts} paper
 *
 * @typedef {ClipFacts & { clipped_at: string }} ClipBody
 *
 * @typedef {object} PaperRow  What a paper's own row says.
 * @property {string} id
 * @property {string} status
 * @property {boolean} starred
 * @property {string[]} tags
 * @property {string | null} clipped_at
 * @property {string} page_url
 * @property {boolean} [mine]
 * @property {boolean} [stub]  nothing but its identifier is known
 * @property {string | null} [deleted_at]
 *
 * @typedef {PaperRow & { notes: number }} PaperState  What a lookup says of a paper.
 *
 * @typedef {{ id: string, version: string, body: string }} Note
 *
 * @typedef {object} CachedPaper  What the server last said of one paper.
 * @property {PaperState | null} paper
 * @property {Note | null} [note]  the newest note made in the extension; absent until it was asked for
 *
 * @typedef {{ note_id: string, base: string | null, body: string }} Draft
 *   `base` is the version that the reader began from, null for a note that is new.
 *
 * @typedef {"clip" | "change" | "tag" | "untag" | "note" | "remove" | "restore"} EntryKind
 *
 * @typedef {object} Entry  One thing the reader did, kept until the server has it.
 * @property {string} id  UUIDv7; for a clip also the clip's id
 * @property {EntryKind} act
 * @property {string} key  the paper it is about, `arxiv:2603.06569`
 * @property {string} title  for lists
 * @property {string} made  ISO time
 * @property {string} instance  the library it was meant for, "" while none was connected
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
 * @typedef {object} Pause  Why nothing can be sent just now.
 * @property {PauseKind} kind
 * @property {number} tries  failed attempts in a row
 * @property {number} next  when to try again, ms since 1970; 0 when only the reader can help
 * @property {number} not_before  what the server asked for (Retry-After), ms since 1970
 *
 * @typedef {{ kind: "done" } | { kind: "refused", reason: string } | { kind: "conflict", theirs: Note }
 *   | { kind: "pause", reason: PauseKind, retry_after: number }} Outcome  `retry_after` in seconds, 0 for none
 *
 * @typedef {object} Connection
 * @property {string} base  address of the server, without a final slash
 * @property {string} token
 * @property {string} instance_id
 * @property {{ id: string, name: string }} library
 *
 * @typedef {object} Pairing  A connection being made.
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
 * @typedef {object} PaperView  All that a strip, a panel or the popup shows of one paper.
 * @property {string} key
 * @property {StripState} state
 * @property {string} message  the line beside the state
 * @property {boolean} fix_in_options  whether the settings page can mend what `message` says
 * @property {boolean} in_trash  moved to the trash a moment ago
 * @property {boolean} stub  the library knows its identifier alone
 * @property {string} status
 * @property {boolean} starred
 * @property {string[]} tags
 * @property {NoteView} note
 * @property {number} notes  on the server
 * @property {number} other_notes  of them not shown here
 * @property {string} page_url
 * @property {string | null} clipped_at
 *
 * @typedef {{ key: string, facts: ClipFacts }} PagePaper  a paper that the open page shows
 * @typedef {{ key: string, title: string, authors: string[], author_count: number | null, published: string | null }} PaperSummary
 *
 * @typedef {{ id: string, key: string, title: string, made: string, parts: string[], state: Entry["state"], reason: string }} OutboxPaper
 * @typedef {{ papers: OutboxPaper[], pause: Pause }} OutboxView
 *
 * @typedef {{ unreachable: boolean, update: string, ready: boolean }} VersionCheck
 *   whether nothing answers at the library's address; the version that the library wants, or ""; whether its files are there already
 * @typedef {VersionCheck & { waiting: number }} VersionView  how many papers wait for it
 *
 * @typedef {{ state: "none" | "waiting" | "connected", base: string, words: string[], approve_url: string, expires_at: string,
 *   library: string }} ConnectionView
 */
export {};
