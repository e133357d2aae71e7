import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Harness, KEY, factsOf, unavailable } from "../harness.js";

let harness;
let library;

beforeEach(async () => {
  harness = await Harness.start();
  library = harness.library;
});
afterEach(() => harness.stop());

test("clipping again after a refusal sends the new clip, then what waited for the old one", async () => {
  await harness.clip(0, "");
  await harness.ask({ type: "tag", key: KEY, tag: "a" });
  assert.deepEqual(
    [(await harness.clip()).state, harness.outbox.length, library.papers.get(KEY).tags],
    ["saved", 0, ["a"]],
  );
});

test("removing a paper whose clip was refused discards the clip", async () => {
  await harness.clip(0, "");
  const { state, in_trash } = await harness.ask({ type: "remove", key: KEY });
  assert.deepEqual([state, in_trash, harness.outbox.length], ["clip", false, 0]);
});

test("tags and status are shown immediately, wait too, and are sent in order", async () => {
  library.trouble = unavailable;
  await harness.clip();
  await harness.ask({ type: "tag", key: KEY, tag: "a/b" });
  await harness.ask({ type: "tag", key: KEY, tag: "c" });
  await harness.ask({ type: "untag", key: KEY, tag: "C" });
  const change = { status: "read", starred: true };
  const shown = await harness.ask({ type: "change", key: KEY, change });
  assert.deepEqual([shown.tags, shown.status, shown.starred], [["a/b"], "read", true]);
  library.trouble = null;
  await harness.ask({ type: "retry-all" });
  const paper = library.papers.get(KEY);
  assert.deepEqual(
    [paper.status, paper.starred, paper.tags.includes("a/b"), harness.outbox.length],
    ["read", true, true, 0],
  );
});

test("a removed paper is shown as removed, and Undo brings it back", async () => {
  await harness.clip();
  const removed = await harness.ask({ type: "remove", key: KEY });
  assert.deepEqual([removed.state, removed.in_trash], ["clip", true]);
  const restored = await harness.ask({ type: "restore", key: KEY });
  assert.deepEqual(
    [restored.state, restored.in_trash, library.papers.get(KEY).deleted_at],
    ["saved", false, null],
  );
});

test("a stub is filled from a page, and is not the paper clipped last", async () => {
  library.papers.set(KEY, {
    id: "p1",
    version: "1-1",
    tags: [],
    status: "unread",
    starred: false,
    stub: true,
  });
  assert.equal((await harness.lookUp())[KEY].stub, true);
  const filled = await harness.ask({ type: "fill-stub", key: KEY, facts: factsOf(0) });
  assert.equal(filled.stub, false);
  assert.equal(library.clips.size, 1);
  assert.equal(harness.stored("last"), undefined);
});
