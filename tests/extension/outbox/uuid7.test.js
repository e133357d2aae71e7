import assert from "node:assert/strict";
import { test } from "node:test";
import { uuid7 } from "../../../extension/outbox/uuid7.js";

test("has the format of RFC 9562, and starts with the time in its example", () => {
  const id = uuid7(0x017f22e279b0);
  assert.match(id, /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("ids sort by time and never repeat", () => {
  const ids = Array.from({ length: 500 }, (_, i) => uuid7(1_700_000_000_000 + i));
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(Array.from({ length: 5000 }, () => uuid7(1))).size, 5000);
});
