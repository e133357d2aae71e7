import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Harness, KEY } from "../harness.js";

let harness;
let library;

beforeEach(async () => {
  harness = await Harness.start();
  library = harness.library;
});
afterEach(() => harness.stop());

test("a revoked token is reported, and everything is sent after connecting again", async () => {
  library.token = "key-2";
  const view = await harness.clip();
  assert.deepEqual(
    [view.state, view.message, view.fix_in_options],
    ["failed", "Disconnected: connect again", true],
  );
  await harness.connect();
  assert.deepEqual([harness.outbox.length, library.clips.size], [0, 1]);
});

test("nothing is sent to another library at the same address until the reader agrees", async () => {
  library.instance = "two";
  const view = await harness.clip();
  assert.deepEqual(
    [view.state, view.fix_in_options, library.clips.size, harness.outbox.length],
    ["waiting", true, 0, 1],
  );
  assert.match(view.message, /another library/);
  await harness.connect();
  assert.deepEqual([library.clips.size, harness.outbox.length], [0, 1]);
  await harness.ask({ type: "reassign" });
  assert.deepEqual([library.clips.size, harness.outbox.length], [1, 0]);
});

test("a status based on a stale version is sent again with the current one", async () => {
  await harness.clip();
  let once = true;
  library.trouble = ({ method }) => {
    if (method !== "PATCH" || !once) return;
    once = false;
    library.papers.get(KEY).version = "e-999";
  };
  await harness.ask({ type: "change", key: KEY, change: { status: "reading" } });
  assert.deepEqual([library.papers.get(KEY).status, harness.outbox.length], ["reading", 0]);
});

test("text typed while the note is being sent is kept, without a conflict", async () => {
  await harness.clip();
  await harness.editNote("one");
  let isTyped = false;
  library.trouble = async ({ path }) => {
    if (!path.startsWith("/annotations") || isTyped) return;
    isTyped = true;
    await harness.editNote("one two");
  };
  await harness.commitNote();
  await harness.commitNote();
  assert.deepEqual(
    [harness.noteBodies, harness.outbox.length, harness.draft],
    [["one two"], 0, undefined],
  );
});
