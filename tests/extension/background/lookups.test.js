import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { until } from "../fake_browser.js";
import { Harness, KEY, PAGE, unavailable } from "../harness.js";

let harness;
let library;

beforeEach(async () => {
  harness = await Harness.start();
  library = harness.library;
});
afterEach(() => harness.stop());

test("a lookup marks the papers in the library, and reports the numbers of those only", async () => {
  await harness.clip();
  const seen = [
    { key: KEY, upvotes: 64, comments: 2 },
    { key: "arxiv:2603.90001", upvotes: 1, comments: 0 },
  ];
  const views = await harness.lookUp(seen, PAGE);
  assert.deepEqual(
    Object.values(views).map(({ state }) => state),
    ["saved", "clip"],
  );
  const { body } = library.log.find(({ path }) => path === "/sightings");
  assert.deepEqual(body, {
    page: PAGE,
    day: "2026-03-09",
    items: [{ identifier: KEY, upvotes: 64, comments: 2 }],
  });
});

test("a lookup that succeeds sends what waits, before the next retry is due", async () => {
  library.trouble = unavailable;
  for (const number of [0, 1, 2]) await harness.clip(number);
  library.trouble = null;
  await harness.lookUp([{ key: "arxiv:2603.90009", upvotes: null, comments: null }]);
  await until(() => !harness.outbox.length);
  assert.equal(library.clips.size, 3);
});

test("the newest note made here is shown, and the others are counted, even new ones", async () => {
  await harness.clip();
  const made = { older: "extension", newest: "extension", elsewhere: "page" };
  for (const [id, made_in] of Object.entries(made)) {
    const note = { id, kind: "note", made_in, deleted_at: null, version: "e-0", body: id };
    library.notes.set(id, note);
  }
  const { note, notes, other_notes } = await harness.ask({ type: "open-note", key: KEY });
  assert.deepEqual([note.body, notes, other_notes], ["newest", 3, 2]);
});
