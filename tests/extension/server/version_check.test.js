import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { isNewer } from "../../../extension/server/version_check.js";
import { fakeBrowser, startWorker } from "../fake_browser.js";
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

const upkeep = () => browser.ask({ type: "check-version" });

test("a library that wants these files has nothing to say", async () => {
  assert.deepEqual(await upkeep(), { unreachable: false, update: "", ready: false, waiting: 0 });
});

test("newer files are said to be ready once they are in the folder", async () => {
  library.wanted = "0.10.0";
  for (const [there, ready] of [
    ["0.9.9", false],
    ["0.10.0", true],
  ]) {
    browser.runtime.getURL = () => `data:application/json,${JSON.stringify({ version: there })}`;
    assert.deepEqual(await upkeep(), { unreachable: false, update: "0.10.0", ready, waiting: 0 });
  }
});

test("a library that does not answer is asleep", async () => {
  await library.close();
  assert.deepEqual(await upkeep(), { unreachable: true, update: "", ready: false, waiting: 0 });
});

test("versions are compared by their numbers", () => {
  const newer = [
    ["0.2.0", "0.1.9"],
    ["0.10.0", "0.9.0"],
    ["1", "0.9.9"],
    ["0.1.0.1", "0.1.0"],
  ];
  for (const [one, other] of newer)
    assert.deepEqual([isNewer(one, other), isNewer(other, one)], [true, false]);
  for (const [one, other] of [
    ["0.1.0", "0.1"],
    ["", "0.1.0"],
    ["undefined", "0.1.0"],
  ])
    assert.equal(isNewer(one, other), false);
});
