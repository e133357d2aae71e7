import assert from "node:assert/strict";
import { test } from "node:test";
import { readArxivPage } from "../../../extension/readers/arxiv_page.js";
import { openPage, openSavedPage } from "./pages.js";

const REAL_PAGE = openSavedPage("arxiv/abs_2604.14148.html");

test("authors with the first name first, the version shown, the date of the first version", () => {
  const read = (url) => readArxivPage(openPage("arxiv"), url)?.facts.paper;
  const paper = read("https://arxiv.org/abs/2603.90000");
  assert.deepEqual(paper?.authors, ["Ida Vestergaard", "Tomasz Wrona", "Mei Okafor"]);
  assert.deepEqual(
    [paper?.published, paper?.doi, paper?.arxiv_version],
    ["2026-03-06", "10.5555/invented.1", 2],
  );
  assert.equal(read("https://arxiv.org/abs/2603.90000v1")?.arxiv_version, 1);
});

test("a real page", { skip: !REAL_PAGE && "the saved page is missing" }, () => {
  const paper = readArxivPage(REAL_PAGE, "https://arxiv.org/abs/2604.14148")?.facts.paper;
  assert.deepEqual(
    [paper?.arxiv_id, paper?.arxiv_version, paper?.author_count, paper?.authors[0]],
    ["2604.14148", 1, 171, "Team Seedance"],
  );
});
