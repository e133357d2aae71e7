import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { fakeBrowser, startWorker, until } from "../fake_browser.js";
import { startLibrary } from "../fake_library.js";

/** What version 0.1.0 wrote to the browser's storage while its server was stopped. */
const ENTRY = {
  key: "arxiv:2603.90000",
  title: "Paper 0",
  made: "2026-03-09T08:30:00.000Z",
  instance: "one",
  tried: false,
  state: "waiting",
  reason: "",
};
const CLIP = {
  clipped_at: "2026-03-09T08:30:00.000Z",
  source: "data",
  paper: { title: "Paper 0", arxiv_id: "2603.90000" },
};
const OUTBOX = [
  { ...ENTRY, id: "0195-clip", act: "clip", tried: true, clip: CLIP },
  { ...ENTRY, id: "0195-tag", act: "tag", tag: "a/b" },
  { ...ENTRY, id: "0195-change", act: "change", change: { status: "reading", starred: true } },
  {
    ...ENTRY,
    id: "0195-note",
    act: "note",
    note: { note_id: "n", base: null, body: "Half a thought" },
  },
];
const stored = (base) => ({
  base,
  connection: {
    base,
    token: "key-1",
    instance_id: "one",
    library: { id: "l", name: "Mine" },
  },
  last: {
    key: ENTRY.key,
    title: "Paper 0",
    authors: [],
    author_count: null,
    published: null,
  },
  outbox: OUTBOX,
  trouble: { kind: "away", tries: 7, next: Date.now() + 600_000, not_before: 0 },
  "draft:arxiv:2603.90000": { note_id: "n", base: null, body: "Half a thought, finished" },
});

let browser;
let library;

beforeEach(async () => {
  browser = fakeBrowser();
  library = await startLibrary();
  await browser.storage.local.set(stored(library.base));
});
afterEach(() => library.close());

test("all that 0.1 left is sent when this version starts", async () => {
  await startWorker(browser);
  await until(() => !browser.storage.local.items.get("outbox").length);
  const paper = library.papers.get(ENTRY.key);
  assert.deepEqual([...library.clips.keys()], ["0195-clip"]);
  assert.deepEqual([paper.tags, paper.status, paper.starred], [["a/b"], "reading", true]);
  assert.equal(library.notes.get("n").body, "Half a thought, finished");
  await until(() => !browser.storage.local.items.has("draft:arxiv:2603.90000"));
});

test("what 0.1 left is shown while the server is stopped", async () => {
  await library.close();
  await startWorker(browser);
  await until(() => browser.storage.local.items.get("trouble").tries === 8);
  const views = await browser.ask({ type: "get-views", keys: [ENTRY.key] });
  const { state, tags, status, starred, note } = views[ENTRY.key];
  assert.deepEqual([state, tags, status, starred], ["waiting", ["a/b"], "reading", true]);
  assert.equal(note.body, "Half a thought, finished");
  assert.equal((await browser.ask({ type: "get-last-clipped" })).title, "Paper 0");
  const { papers, pause } = await browser.ask({ type: "get-outbox" });
  assert.deepEqual([papers.length, pause.kind], [1, "away"]);
  const { state: connection, library: name } = await browser.ask({ type: "get-connection" });
  assert.deepEqual([connection, name], ["connected", "Mine"]);
});
