import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { until } from "../fake_browser.js";
import { Harness, KEY } from "../harness.js";

let harness;
let library;

beforeEach(async () => {
  harness = await Harness.start();
  library = harness.library;
});
afterEach(() => harness.stop());

test("a lookup that was answered before the clip arrived does not remove its mark", async () => {
  library.trouble = async ({ path }) => {
    if (path !== "/papers/lookup") return null;
    await until(() => library.clips.size && !harness.outbox.length);
    return { status: 200, body: { items: [{ identifier: KEY, paper: null }] } };
  };
  const views = harness.lookUp();
  await harness.clip();
  assert.equal((await views)[KEY].state, "saved");
});

test("a list of notes that was answered before a note arrived does not replace it", async () => {
  await harness.clip();
  library.trouble = async ({ path }) => {
    if (!path.endsWith("/annotations")) return null;
    await until(() => library.notes.size && !harness.draft);
    return { status: 200, body: { items: [] } };
  };
  const opened = harness.ask({ type: "open-note", key: KEY });
  await harness.editNote("words");
  await harness.commitNote();
  const { note, notes } = await opened;
  assert.deepEqual([note.body, note.state, notes], ["words", "saved", 1]);
});

test("a full cache does not keep accepted entries in the outbox", async () => {
  harness.browser.storage.session.quota = 400;
  for (const number of [0, 1, 2]) assert.equal((await harness.clip(number)).state, "saved");
  assert.deepEqual(harness.outbox, []);
  assert.equal(harness.writes.filter((write) => write === "PUT clips").length, 3);
});
