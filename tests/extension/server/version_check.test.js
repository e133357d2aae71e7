import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { isNewer } from "../../../extension/server/version_check.js";
import { Harness } from "../harness.js";

let harness;

beforeEach(async () => {
  harness = await Harness.start();
});
afterEach(() => harness.stop());

const checkVersion = () => harness.ask({ type: "check-version" });

test("a library that wants this version has nothing to report", async () => {
  const expected = { unreachable: false, update: "", ready: false, waiting: 0 };
  assert.deepEqual(await checkVersion(), expected);
});

test("an update is ready once its files are in the folder", async () => {
  harness.library.extensionVersion = "0.10.0";
  for (const [onDisk, ready] of [
    ["0.9.9", false],
    ["0.10.0", true],
  ]) {
    const manifest = JSON.stringify({ version: onDisk });
    harness.browser.runtime.getURL = () => `data:application/json,${manifest}`;
    const expected = { unreachable: false, update: "0.10.0", ready, waiting: 0 };
    assert.deepEqual(await checkVersion(), expected);
  }
});

test("a library that does not answer is unreachable", async () => {
  await harness.library.close();
  const expected = { unreachable: true, update: "", ready: false, waiting: 0 };
  assert.deepEqual(await checkVersion(), expected);
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
