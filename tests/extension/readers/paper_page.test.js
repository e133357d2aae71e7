import assert from "node:assert/strict";
import { test } from "node:test";
import { readPaperPage } from "../../../extension/readers/paper_page.js";
import { openPage } from "./pages.js";

test("the data with rank and comments; events are not counted", () => {
  const url = "https://huggingface.co/papers/2603.90000";
  const here = readPaperPage(openPage("paper_page"), url);
  assert.equal(here?.key, "arxiv:2603.90000");
  const { facts } = /** @type {any} */ (here);
  assert.deepEqual(
    [facts.source, facts.digest, facts.comments, facts.paper.authors.length],
    ["data", { kind: "day", day: "2026-03-09", rank: 1 }, 2, 3],
  );
});

test("if the data are for another id, only the title is read", () => {
  const facts = readPaperPage(
    openPage("paper_page"),
    "https://huggingface.co/papers/2603.90001",
  )?.facts;
  assert.deepEqual(
    [facts?.source, facts?.paper.arxiv_id, facts?.paper.abstract],
    ["card", "2603.90001", ""],
  );
});
