import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, ROOT), "utf8");

test("the extension and the pages share their design tokens", () => {
  const pages = read("server/paperclipper/web/static/tokens.css");
  assert.equal(read("extension/style/tokens.css"), pages);
});
