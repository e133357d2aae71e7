import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { until } from "../fake_browser.js";
import { Harness, KEY, unavailable } from "../harness.js";

let harness;
let library;

beforeEach(async () => {
  harness = await Harness.start();
  library = harness.library;
});
afterEach(() => harness.stop());

const alarm = () => harness.browser.alarms.set.get("outbox");

test("a clip is stored before any request, and removed once the library has it", async () => {
  let seen;
  library.trouble = ({ method }) => {
    if (method === "PUT") seen = structuredClone(harness.outbox);
  };
  assert.equal((await harness.clip()).state, "saved");
  assert.deepEqual(
    seen.map(({ act, tried }) => [act, tried]),
    [["clip", true]],
  );
  assert.deepEqual(harness.outbox, []);
  assert.equal(library.clips.size, 1);
});

test("while the server is unavailable clips wait, and the alarm sends them in order", async () => {
  library.trouble = unavailable;
  for (const number of [0, 1, 2]) assert.equal((await harness.clip(number)).state, "waiting");
  assert.equal(harness.browser.action.text, "3");
  library.trouble = null;
  library.log.length = 0;
  await harness.browser.ring("outbox");
  await until(() => !harness.outbox.length);
  assert.deepEqual(
    library.log.map(({ body }) => body.paper.title),
    ["Paper 0", "Paper 1", "Paper 2"],
  );
  await until(() => harness.browser.action.text === "");
  assert.equal(harness.browser.alarms.set.size, 0);
});

test("while nothing listens at the address, clips wait", async () => {
  await library.close();
  assert.equal((await harness.clip()).state, "waiting");
  assert.ok(alarm() > Date.now());
});

test("the delay before a retry grows", async () => {
  library.trouble = unavailable;
  await harness.clip();
  const delays = [];
  for (let i = 0; i < 4; i++) {
    delays.push(alarm() - Date.now());
    await harness.browser.ring("outbox");
    await until(() => alarm() !== undefined);
  }
  assert.ok(
    delays.every((delay, i) => !i || delay > delays[i - 1]),
    String(delays),
  );
});

test("after a success the delay starts again at its shortest", async () => {
  library.trouble = unavailable;
  await harness.clip();
  await harness.browser.ring("outbox");
  await until(() => harness.stored("trouble").tries === 2);
  library.trouble = null;
  await harness.browser.ring("outbox");
  await until(() => !harness.outbox.length);
  await until(() => harness.stored("trouble").tries === 0);
  library.trouble = unavailable;
  await harness.clip(1);
  assert.equal(harness.stored("trouble").tries, 1);
});

test("a worker that starts sends what an earlier one left, even if its alarm is lost", async () => {
  library.trouble = unavailable;
  await harness.clip();
  harness.browser.alarms.set.clear();
  library.trouble = null;
  await harness.restartWorker();
  await until(() => !harness.outbox.length);
  assert.equal(library.clips.size, 1);
});

test("after a lost response the same request is sent again, and saved once", async () => {
  let mute = true;
  library.trouble = ({ method }) => method === "PUT" && mute && "mute";
  assert.equal((await harness.clip()).state, "waiting");
  mute = false;
  await harness.ask({ type: "retry-all" });
  const puts = library.log.filter(({ method }) => method === "PUT");
  assert.equal(puts.length, 2);
  assert.deepEqual([puts[0].path, puts[0].body], [puts[1].path, puts[1].body]);
  assert.equal(library.clips.size, 1);
  assert.equal((await harness.view()).state, "saved");
});

test("concurrent clips are sent one at a time, each once", async () => {
  let open = 0;
  let most = 0;
  library.trouble = async () => {
    most = Math.max(most, ++open);
    await new Promise((done) => setTimeout(done, 5));
    open -= 1;
  };
  await Promise.all([0, 1, 2, 3, 4].map((number) => harness.clip(number)));
  assert.deepEqual([most, library.clips.size, harness.writes.length], [1, 5, 5]);
});

test("a refused clip blocks only its own paper, and is discarded with what waits for it", async () => {
  const refused = await harness.clip(0, "");
  assert.deepEqual(
    [refused.state, refused.message],
    ["failed", "A paper needs a title. (/paper/title)"],
  );
  await harness.ask({ type: "tag", key: KEY, tag: "a" });
  assert.equal((await harness.clip(1)).state, "saved");
  assert.deepEqual(
    harness.outbox.map(({ act, state }) => [act, state]),
    [
      ["clip", "refused"],
      ["tag", "waiting"],
    ],
  );
  await harness.ask({ type: "discard-entry", id: harness.outbox[0].id });
  assert.deepEqual(harness.outbox, []);
  assert.equal((await harness.view()).state, "clip");
});

test("Retry-After is respected until the reader asks to retry", async () => {
  library.trouble = () => ({ status: 429, body: {}, headers: { "Retry-After": "60" } });
  await harness.clip();
  library.trouble = null;
  await harness.clip(1);
  assert.deepEqual([library.clips.size, harness.outbox.length], [0, 2]);
  await harness.ask({ type: "retry-all" });
  assert.equal(library.clips.size, 2);
});

test("if the browser's storage is full, nothing stored is lost", async () => {
  const { local } = harness.browser.storage;
  await harness.editNote("Boats fold");
  local.quota = 0;
  for (const answer of [await harness.editNote("Boats fold well"), await harness.clip(1)])
    assert.match(answer.error, /quota/);
  assert.equal(harness.draft.body, "Boats fold");
  local.quota = Infinity;
  await harness.editNote("Boats fold well");
  assert.equal(harness.draft.body, "Boats fold well");
});
