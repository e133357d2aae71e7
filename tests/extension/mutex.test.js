import assert from "node:assert/strict";
import { test } from "node:test";
import { createMutex } from "../../extension/mutex.js";

test("runs one piece of work at a time, in order, and goes on after an error", async () => {
  const lock = createMutex();
  const log = [];
  const work = (name) => async () => {
    log.push(`${name} starts`);
    await new Promise((done) => setTimeout(done));
    log.push(`${name} ends`);
    if (name === "b") throw new Error("failed");
    return name;
  };
  const results = await Promise.allSettled(["a", "b", "c"].map((name) => lock(work(name))));
  assert.deepEqual(
    results.map((result) => result.status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.deepEqual(log, ["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
});
