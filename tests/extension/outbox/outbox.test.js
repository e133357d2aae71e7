import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { fakeBrowser, startWorker, until } from "../fake_browser.js";
import { startLibrary } from "../fake_library.js";

let browser;
let library;

beforeEach(async () => {
  browser = fakeBrowser();
  library = await startLibrary();
  const connection = {
    base: library.base,
    token: "key-1",
    instance_id: "one",
    library: { id: "l", name: "Mine" },
  };
  await browser.storage.local.set({ connection });
  await startWorker(browser);
});
afterEach(() => library.close());

const KEY = "arxiv:2603.90000";
const facts = (number = 0, title = `Paper ${number}`) => ({
  source: "data",
  paper: {
    title,
    arxiv_id: `2603.9000${number}`,
    authors: [],
    author_count: null,
    published: null,
  },
});
const clip = (number = 0, title = undefined) =>
  browser.ask({ type: "clip", key: `arxiv:2603.9000${number}`, facts: facts(number, title) });
const outbox = () => browser.storage.local.items.get("outbox") ?? [];
const view = async (key = KEY) => (await browser.ask({ type: "get-views", keys: [key] }))[key];
const sent = () =>
  library.log
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path.split("/")[1]}`);
const typeNote = (body) => browser.ask({ type: "edit-note", key: KEY, body });
const keepNote = () => browser.ask({ type: "commit-note", key: KEY });
const draft = () => browser.storage.local.items.get(`draft:${KEY}`);
const away = () => ({ status: 503, body: {} });

test("a clip is in storage before the network, and gone after the library has it", async () => {
  let seen;
  library.trouble = ({ method }) => {
    if (method === "PUT") seen = structuredClone(outbox());
  };
  assert.equal((await clip()).state, "saved");
  assert.deepEqual(
    seen.map(({ act, tried }) => [act, tried]),
    [["clip", true]],
  );
  assert.deepEqual(outbox(), []);
  assert.equal(library.clips.size, 1);
});

test("away: kept in order, counted on the badge, sent by the alarm", async () => {
  library.trouble = away;
  for (const number of [0, 1, 2]) assert.equal((await clip(number)).state, "waiting");
  assert.equal(browser.action.text, "3");
  library.trouble = null;
  library.log.length = 0;
  await browser.ring("outbox");
  await until(() => !outbox().length);
  assert.deepEqual(
    library.log.map(({ body }) => body.paper.title),
    ["Paper 0", "Paper 1", "Paper 2"],
  );
  await until(() => browser.action.text === "");
  assert.equal(browser.alarms.set.size, 0);
});

test("a page that finds the library back sends what waits, though the next try is far", async () => {
  library.trouble = away;
  for (const number of [0, 1, 2]) await clip(number);
  library.trouble = null;
  await browser.ask({
    type: "lookup",
    seen: [{ key: "arxiv:2603.90009", upvotes: null, comments: null }],
    page: null,
    day: "2026-03-09",
  });
  await until(() => !outbox().length);
  assert.equal(library.clips.size, 3);
});

test("nothing listens at all: the same", async () => {
  await library.close();
  assert.equal((await clip()).state, "waiting");
  assert.ok(browser.alarms.set.get("outbox") > Date.now());
});

test("pauses grow", async () => {
  library.trouble = away;
  await clip();
  const pauses = [];
  for (let i = 0; i < 4; i++) {
    pauses.push(browser.alarms.set.get("outbox") - Date.now());
    await browser.ring("outbox");
    await until(() => browser.alarms.set.has("outbox"));
  }
  assert.ok(
    pauses.every((pause, i) => !i || pause > pauses[i - 1]),
    String(pauses),
  );
});

test("a worker that starts sends what an earlier one left, though its alarm is gone", async () => {
  library.trouble = away;
  await clip();
  browser.alarms.set.clear();
  library.trouble = null;
  await startWorker(browser);
  await until(() => !outbox().length);
  assert.equal(library.clips.size, 1);
});

test("a lost answer: sent again under the same name with the same content, kept once", async () => {
  let mute = true;
  library.trouble = ({ method }) => method === "PUT" && mute && "mute";
  assert.equal((await clip()).state, "waiting");
  mute = false;
  await browser.ask({ type: "retry-all" });
  const puts = library.log.filter(({ method }) => method === "PUT");
  assert.equal(puts.length, 2);
  assert.deepEqual([puts[0].path, puts[0].body], [puts[1].path, puts[1].body]);
  assert.equal(library.clips.size, 1);
  assert.equal((await view()).state, "saved");
});

test("many at once: one request at a time, each once", async () => {
  let open = 0;
  let most = 0;
  library.trouble = async () => {
    most = Math.max(most, ++open);
    await new Promise((done) => setTimeout(done, 5));
    open -= 1;
  };
  await Promise.all([0, 1, 2, 3, 4].map((number) => clip(number)));
  assert.deepEqual([most, library.clips.size, sent().length], [1, 5, 5]);
});

test("refused for good: kept and shown; others pass; what depends on it waits behind; discarded together", async () => {
  const refused = await clip(0, "");
  assert.deepEqual(
    [refused.state, refused.message],
    ["failed", "A paper needs a title. (/paper/title)"],
  );
  await browser.ask({ type: "tag", key: KEY, tag: "a" });
  assert.equal((await clip(1)).state, "saved");
  assert.deepEqual(
    outbox().map(({ act, state }) => [act, state]),
    [
      ["clip", "refused"],
      ["tag", "waiting"],
    ],
  );
  await browser.ask({ type: "discard-entry", id: outbox()[0].id });
  assert.deepEqual(outbox(), []);
  assert.equal((await view()).state, "clip");
});

test("clipped again after a refusal: the new clip goes first, then what waited behind the old", async () => {
  await clip(0, "");
  await browser.ask({ type: "tag", key: KEY, tag: "a" });
  assert.deepEqual(
    [(await clip()).state, outbox().length, library.papers.get(KEY).tags],
    ["saved", 0, ["a"]],
  );
});

test("removed after a refusal: discarded, for it never was in the library", async () => {
  await clip(0, "");
  const { state, in_trash } = await browser.ask({ type: "remove", key: KEY });
  assert.deepEqual([state, in_trash, outbox().length], ["clip", false, 0]);
});

test("a revoked key: says so, keeps everything, and sends after connecting again", async () => {
  library.token = "key-2";
  const view = await clip();
  assert.deepEqual(
    [view.state, view.message, view.fix_in_options],
    ["failed", "Key revoked: connect again", true],
  );
  library.verdict = "allowed";
  await browser.ask({ type: "start-pairing", base: library.base });
  await browser.ask({ type: "poll-pairing" });
  assert.deepEqual([outbox().length, library.clips.size], [0, 1]);
});

test("another library at the address: nothing goes into it until the reader says so", async () => {
  library.instance = "two";
  const view = await clip();
  assert.deepEqual(
    [view.state, view.fix_in_options, library.clips.size, outbox().length],
    ["waiting", true, 0, 1],
  );
  assert.match(view.message, /Another library/);
  library.verdict = "allowed";
  await browser.ask({ type: "start-pairing", base: library.base });
  await browser.ask({ type: "poll-pairing" });
  assert.deepEqual([library.clips.size, outbox().length], [0, 1]);
  await browser.ask({ type: "reassign" });
  assert.deepEqual([library.clips.size, outbox().length], [1, 0]);
});

test("Retry-After is kept to, whatever wakes the worker", async () => {
  library.trouble = () => ({ status: 429, body: {}, headers: { "Retry-After": "60" } });
  await clip();
  library.trouble = null;
  await clip(1);
  assert.deepEqual([library.clips.size, outbox().length], [0, 2]);
  await browser.ask({ type: "retry-all" });
  assert.equal(library.clips.size, 2);
});

test("tags and status wait too, show at once, and go in order", async () => {
  library.trouble = away;
  await clip();
  await browser.ask({ type: "tag", key: KEY, tag: "a/b" });
  await browser.ask({ type: "tag", key: KEY, tag: "c" });
  await browser.ask({ type: "untag", key: KEY, tag: "C" });
  const shown = await browser.ask({
    type: "change",
    key: KEY,
    change: { status: "read", starred: true },
  });
  assert.deepEqual([shown.tags, shown.status, shown.starred], [["a/b"], "read", true]);
  library.trouble = null;
  await browser.ask({ type: "retry-all" });
  const paper = library.papers.get(KEY);
  assert.deepEqual(
    [paper.status, paper.starred, paper.tags.includes("a/b"), outbox().length],
    ["read", true, true, 0],
  );
});

test("a status over a stale version is renewed, not refused", async () => {
  await clip();
  let once = true;
  library.trouble = ({ method }) => {
    if (method !== "PATCH" || !once) return;
    once = false;
    library.papers.get(KEY).version = "e-999";
  };
  await browser.ask({ type: "change", key: KEY, change: { status: "reading" } });
  assert.deepEqual([library.papers.get(KEY).status, outbox().length], ["reading", 0]);
});

test("removed, shown as such, and back with Undo", async () => {
  await clip();
  const removed = await browser.ask({ type: "remove", key: KEY });
  assert.deepEqual([removed.state, removed.in_trash], ["clip", true]);
  const back = await browser.ask({ type: "restore", key: KEY });
  assert.deepEqual(
    [back.state, back.in_trash, library.papers.get(KEY).deleted_at],
    ["saved", false, null],
  );
});

test("a note: kept at the keystroke, sent after a pause, its draft gone once the library has it", async () => {
  await clip();
  assert.equal((await typeNote("Half a thou")).note.state, "draft");
  assert.equal(draft().body, "Half a thou");
  await typeNote("Half a thought");
  await until(() => library.notes.size === 1);
  await until(() => !draft() && !outbox().length);
  assert.deepEqual(
    [[...library.notes.values()][0].body, (await view()).note.state],
    ["Half a thought", "saved"],
  );
});

test("a keystroke that the storage answers late begins no second note", async () => {
  await clip();
  const { get } = browser.storage.local;
  browser.storage.local.get = async (keys) => {
    if (keys !== `draft:${KEY}`) return get(keys);
    browser.storage.local.get = get;
    const found = await get(keys);
    await new Promise((done) => setTimeout(done, 100));
    return found;
  };
  const late = typeNote("T");
  await typeNote("Tr");
  await keepNote();
  await late;
  await keepNote();
  assert.deepEqual(
    [[...library.notes.values()].map((note) => note.body), draft()],
    [["Tr"], undefined],
  );
});

test("a draft outlives its worker", async () => {
  await clip();
  await browser.storage.local.set({
    [`draft:${KEY}`]: { note_id: "n", base: null, body: "Typed, then gone" },
  });
  await startWorker(browser);
  await until(() => library.notes.get("n")?.body === "Typed, then gone" && !draft());
});

test("what is typed while the note is being sent is not lost, and is no conflict", async () => {
  await clip();
  await typeNote("one");
  let typed = false;
  library.trouble = async ({ path }) => {
    if (!path.startsWith("/annotations") || typed) return;
    typed = true;
    await typeNote("one two");
  };
  await keepNote();
  await keepNote();
  assert.deepEqual(
    [[...library.notes.values()].map((note) => note.body), outbox().length, draft()],
    [["one two"], 0, undefined],
  );
});

test("edits of a note that waits become one; an edit after a lost answer follows it", async () => {
  await clip();
  library.trouble = away;
  for (const body of ["a", "ab", "abc"]) {
    await typeNote(body);
    await keepNote();
  }
  assert.ok(outbox().length <= 2);
  library.trouble = null;
  await browser.ask({ type: "retry-all" });
  assert.deepEqual(
    [[...library.notes.values()].map((note) => note.body), outbox().length],
    [["abc"], 0],
  );
});

test("changed elsewhere: both texts are shown, and the chosen one goes on top", async () => {
  await clip();
  await typeNote("mine");
  await keepNote();
  const [note] = library.notes.values();
  Object.assign(note, { body: "theirs", version: "e-777" });
  await typeNote("mine, longer");
  const { note: shown } = await keepNote();
  assert.deepEqual(
    [shown.state, shown.body, shown.theirs, note.body],
    ["conflict", "mine, longer", "theirs", "theirs"],
  );
  await typeNote("mine, longest");
  assert.equal((await keepNote()).note.body, "mine, longest");
  const settled = await browser.ask({
    type: "resolve-conflict",
    key: KEY,
    body: "theirs\n\nmine, longest",
  });
  assert.deepEqual(
    [settled.note.state, [...library.notes.values()][0].body, outbox().length],
    ["saved", "theirs\n\nmine, longest", 0],
  );
});

test("the newest note made here is shown, the others are counted, those too that came after the page was read", async () => {
  await clip();
  for (const [id, made_in] of [
    ["older", "extension"],
    ["newest", "extension"],
    ["elsewhere", "page"],
  ]) {
    library.notes.set(id, {
      id,
      kind: "note",
      made_in,
      deleted_at: null,
      version: "e-0",
      body: id,
    });
  }
  const { note, notes, other_notes } = await browser.ask({ type: "open-note", key: KEY });
  assert.deepEqual([note.body, notes, other_notes], ["newest", 3, 2]);
});

test("an emptied note is not sent: it would take away what the library holds", async () => {
  await clip();
  await typeNote("words");
  await keepNote();
  await typeNote(" ");
  await keepNote();
  assert.equal([...library.notes.values()][0].body, "words");
});

test("a look marks what is there, and tells the numbers of that alone", async () => {
  await clip();
  const seen = [
    { key: KEY, upvotes: 64, comments: 2 },
    { key: "arxiv:2603.90001", upvotes: 1, comments: 0 },
  ];
  const views = await browser.ask({
    type: "lookup",
    seen,
    page: { kind: "digest", url: "https://huggingface.co/papers" },
    day: "2026-03-09",
  });
  assert.deepEqual(
    Object.values(views).map(({ state }) => state),
    ["saved", "clip"],
  );
  const { body } = library.log.find(({ path }) => path === "/sightings");
  assert.deepEqual(body, {
    page: { kind: "digest", url: "https://huggingface.co/papers" },
    day: "2026-03-09",
    items: [{ identifier: KEY, upvotes: 64, comments: 2 }],
  });
});

test("what a look was told before the clip arrived does not take the mark away again", async () => {
  library.trouble = async ({ path }) => {
    if (path !== "/papers/lookup") return null;
    await until(() => library.clips.size && !outbox().length);
    return { status: 200, body: { items: [{ identifier: KEY, paper: null }] } };
  };
  const look = browser.ask({
    type: "lookup",
    seen: [{ key: KEY, upvotes: null, comments: null }],
    page: null,
    day: "2026-03-09",
  });
  await clip();
  assert.equal((await look)[KEY].state, "saved");
});

test("a note that arrived while the editor asked for it is not taken for the one before", async () => {
  await clip();
  library.trouble = async ({ path }) => {
    if (!path.endsWith("/annotations")) return null;
    await until(() => library.notes.size && !draft());
    return { status: 200, body: { items: [] } };
  };
  const opened = browser.ask({ type: "open-note", key: KEY });
  await typeNote("words");
  await keepNote();
  const { note, notes } = await opened;
  assert.deepEqual([note.body, note.state, notes], ["words", "saved", 1]);
});

test("a stub says so, is filled from a page, and is not what the reader clipped last", async () => {
  library.papers.set(KEY, {
    id: "p1",
    version: "1-1",
    tags: [],
    status: "unread",
    starred: false,
    stub: true,
  });
  const look = () =>
    browser.ask({
      type: "lookup",
      seen: [{ key: KEY, upvotes: null, comments: null }],
      page: null,
      day: "2026-03-09",
    });
  assert.equal((await look())[KEY].stub, true);
  assert.equal((await browser.ask({ type: "fill-stub", key: KEY, facts: facts(0) })).stub, false);
  assert.equal(library.clips.size, 1);
  assert.equal(browser.storage.local.items.get("last"), undefined);
});

test("what the library took leaves the queue though the memory of papers is full", async () => {
  browser.storage.session.room = 400;
  for (const number of [0, 1, 2]) assert.equal((await clip(number)).state, "saved");
  assert.deepEqual(outbox(), []);
  assert.equal(sent().filter((act) => act === "PUT clips").length, 3);
});

test("a browser without room says so, and keeps what it had", async () => {
  await typeNote("Boats fold");
  browser.storage.local.room = 0;
  for (const answer of [await typeNote("Boats fold well"), await clip(1)])
    assert.match(answer.error, /quota/);
  assert.equal(draft().body, "Boats fold");
  browser.storage.local.room = Infinity;
  await typeNote("Boats fold well");
  assert.equal(draft().body, "Boats fold well");
});
