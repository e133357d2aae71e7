import assert from "node:assert/strict";
import { test } from "node:test";
import { normaliseBaseUrl } from "../../../extension/server/connection.js";

test("an address is on this computer or uses HTTPS", () => {
  assert.equal(normaliseBaseUrl(" http://localhost:9000/x "), "http://localhost:9000");
  assert.equal(normaliseBaseUrl("https://Papers.example/x"), "https://papers.example");
  for (const bad of ["http://example.org", "http://127.0.0.1.example.org", "file:///x", "8377"])
    assert.throws(() => normaliseBaseUrl(bad), /must start/);
});
