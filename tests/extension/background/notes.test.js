import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { until } from "../fake_browser.js";
import { Harness, KEY, unavailable } from "../harness.js";

let harness;
let library;

beforeEach(async () => {
  harness = await Harness.start();
  library = harness.library;
  await harness.clip();
});
afterEach(() => harness.stop());

test("a note is stored at each keystroke and sent after a pause, then its draft is dropped", async () => {
  assert.equal((await harness.editNote("Half a thou")).note.state, "draft");
  assert.equal(harness.draft.body, "Half a thou");
  await harness.editNote("Half a thought");
  await until(() => library.notes.size === 1);
  await until(() => !harness.draft && !harness.outbox.length);
  assert.deepEqual(
    [harness.noteBodies, (await harness.view()).note.state],
    [["Half a thought"], "saved"],
  );
});

test("a keystroke that reads storage late does not create a second note", async () => {
  const { local } = harness.browser.storage;
  const { get } = local;
  local.get = async (keys) => {
    if (keys !== `draft:${KEY}`) return get(keys);
    local.get = get;
    const found = await get(keys);
    await new Promise((done) => setTimeout(done, 100));
    return found;
  };
  const late = harness.editNote("T");
  await harness.editNote("Tr");
  await harness.commitNote();
  await late;
  await harness.commitNote();
  assert.deepEqual([harness.noteBodies, harness.draft], [["Tr"], undefined]);
});

test("a draft survives its worker", async () => {
  await harness.browser.storage.local.set({
    [`draft:${KEY}`]: { note_id: "n", base: null, body: "Typed, then gone" },
  });
  await harness.restartWorker();
  await until(() => library.notes.get("n")?.body === "Typed, then gone" && !harness.draft);
});

test("edits of a waiting note are sent as one", async () => {
  library.trouble = unavailable;
  for (const body of ["a", "ab", "abc"]) {
    await harness.editNote(body);
    await harness.commitNote();
  }
  assert.ok(harness.outbox.length <= 2);
  library.trouble = null;
  await harness.ask({ type: "retry-all" });
  assert.deepEqual([harness.noteBodies, harness.outbox.length], [["abc"], 0]);
});

test("after a conflict both texts are shown, and the chosen one replaces the other", async () => {
  await harness.editNote("mine");
  await harness.commitNote();
  const [note] = library.notes.values();
  Object.assign(note, { body: "theirs", version: "e-777" });
  await harness.editNote("mine, longer");
  const { note: shown } = await harness.commitNote();
  assert.deepEqual(
    [shown.state, shown.body, shown.theirs, note.body],
    ["conflict", "mine, longer", "theirs", "theirs"],
  );
  await harness.editNote("mine, longest");
  assert.equal((await harness.commitNote()).note.body, "mine, longest");
  const body = "theirs\n\nmine, longest";
  const resolved = await harness.ask({ type: "resolve-conflict", key: KEY, body });
  assert.deepEqual(
    [resolved.note.state, harness.noteBodies, harness.outbox.length],
    ["saved", [body], 0],
  );
});

test("an emptied note is not sent: it would delete the text in the library", async () => {
  await harness.editNote("words");
  await harness.commitNote();
  await harness.editNote(" ");
  await harness.commitNote();
  assert.deepEqual(harness.noteBodies, ["words"]);
});
