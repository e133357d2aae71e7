import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import { readArxivPage } from "../../../extension/readers/arxiv_page.js";
import { readDigest } from "../../../extension/readers/digest_page.js";
import { readPaperPage } from "../../../extension/readers/paper_page.js";

const DAY_URL = "https://huggingface.co/papers/date/2026-03-09";
const REAL = new URL("../../../../shared/data/digest/papers_day_2026-03-09.html", import.meta.url);
const REAL_ARXIV = new URL("../../../../shared/data/arxiv/abs_2604.14148.html", import.meta.url);

const build = (name) =>
  execFileSync("python3", [new URL("../../digest_pages.py", import.meta.url).pathname, name], {
    encoding: "utf8",
  });
const parse = (html) => parseHTML(html).document;
const open = (name) => parse(build(name));
const island = (document) => document.querySelector('[data-target="DailyPapers"]');
const oneLine = (text) => text.replace(/\s+/g, " ").trim();

const digest = (name, url = DAY_URL) => readDigest(open(name), url);
const titles = (papers) => papers.map((paper) => paper.facts.paper.title);

/** What a card shows must be what the data say, wherever the card says anything. */
function assertCardsAgree(document, url) {
  const stated = readDigest(document, url);
  island(document).removeAttribute("data-props");
  const shown = readDigest(document, url);
  assert.equal(shown.length, stated.length);
  shown.forEach(({ facts }, i) => {
    const { facts: data } = stated[i];
    assert.equal(facts.source, "card");
    assert.equal(data.source, "data");
    const told = ({ upvotes, comments, paper }) => [
      paper.arxiv_id,
      paper.title,
      upvotes,
      comments,
      paper.organisation,
    ];
    assert.deepEqual(told(facts), told(data));
    if (facts.paper.author_count !== null)
      assert.equal(facts.paper.author_count, data.paper.author_count);
    const { abstract, authors, published, keywords, ai_summary } = facts.paper;
    assert.deepEqual([abstract, authors, published, keywords, ai_summary], ["", [], null, [], ""]);
  });
  return stated;
}

for (const name of [
  "day",
  "old_day",
  "organisations",
  "hidden_authors",
  "line_breaks",
  "svelte_comments",
  "logged_in",
]) {
  test(`${name}: the cards agree with the data`, () => {
    assert.ok(assertCardsAgree(open(name), DAY_URL).length >= 2);
  });
}

test("a day: everything that the data know", () => {
  const [{ key, facts }] = digest("day");
  assert.equal(key, "arxiv:2603.90000");
  assert.deepEqual(facts.page, { kind: "digest", url: DAY_URL });
  assert.deepEqual(facts.digest, { kind: "day", day: "2026-03-09", rank: 1 });
  assert.equal(facts.upvotes, 64);
  assert.equal(facts.comments, 2);
  const { abstract, ...paper } = facts.paper;
  assert.match(abstract, /^Long documents are read.*\$O\(n \\log n\)\$\.$/);
  assert.deepEqual(paper, {
    title: "Lantern Decoding: Reading Long Documents by Their Own Light",
    authors: ["Ida Vestergaard", "Tomasz Wrona", "Mei Okafor"],
    author_count: 3,
    published: "2026-03-06",
    arxiv_id: "2603.90000",
    arxiv_version: null,
    doi: "",
    url: "",
    organisation: "Harbour Lab",
    keywords: ["reading", "invention"],
    ai_summary:
      "In short: Long documents are read word by word even where most words say nothing new.",
    thumbnail_url: "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2603.90000.png",
    code_url: "https://github.com/example/paper-0",
    project_url: "https://example.org/paper-0",
  });
});

test("hidden authors are counted, not named", () => {
  const [first] = digest("hidden_authors");
  assert.equal(first.facts.paper.author_count, 4);
  assert.deepEqual(first.facts.paper.authors, ["Noor Haddad", "Samuel Oyelaran", "Yuki Brandt"]);
});

test("hard line breaks go", () => {
  for (const { facts } of digest("line_breaks")) {
    assert.equal(facts.paper.title, oneLine(facts.paper.title));
    assert.equal(facts.paper.abstract, oneLine(facts.paper.abstract));
    assert.ok(facts.paper.abstract.includes(". "));
  }
});

test("pages of 2024: the day from `date`, no organisation, no keywords", () => {
  const [{ facts }] = digest("old_day", "https://huggingface.co/papers?date=2026-03-09");
  assert.deepEqual(
    [facts.source, facts.digest, facts.paper.organisation, facts.paper.keywords],
    ["data", { kind: "day", day: "2026-03-09", rank: 1 }, "", []],
  );
});

test("trending: a doubled card is one paper, its day that of its digest", () => {
  const url = "https://huggingface.co/papers/trending";
  const papers = digest("trending", url);
  assert.equal(papers.length, 4);
  assert.deepEqual(papers[1].facts.digest, { kind: "trending", day: "2026-03-09", rank: 2 });
  const document = open("trending");
  island(document).removeAttribute("data-props");
  const [{ facts }] = readDigest(document, url);
  assert.deepEqual(
    [facts.source, facts.upvotes, facts.comments, facts.paper.abstract],
    ["card", 64, null, ""],
  );
});

test("the search view has no data: what the cards say, and no more", () => {
  const papers = digest("search", "https://huggingface.co/papers?q=light");
  assert.deepEqual(
    papers.map(({ facts }) => [facts.source, facts.upvotes, facts.comments]),
    [
      ["card", 64, 2],
      ["card", 49, 0],
      ["card", 41, 5],
      ["card", 0, 0],
    ],
  );
  assert.deepEqual(papers[1].facts.digest, { kind: "search", day: null, rank: 2 });
  assert.equal(papers[1].facts.paper.author_count, 4);
});

test("data of another day are not believed", () => {
  const papers = digest("stale");
  assert.deepEqual(
    papers.map(({ facts }) => [facts.source, facts.digest?.day]),
    [
      ["card", "2026-03-09"],
      ["card", "2026-03-09"],
      ["card", "2026-03-09"],
    ],
  );
});

test("data that lack a visible paper are not believed", () => {
  const document = open("day");
  const props = JSON.parse(island(document).getAttribute("data-props"));
  props.dailyPapers.pop();
  island(document).setAttribute("data-props", JSON.stringify(props));
  assert.ok(readDigest(document, DAY_URL).every(({ facts }) => facts.source === "card"));
});

test("data that are no JSON are no data", () => {
  const document = open("day");
  island(document).setAttribute("data-props", "{");
  assert.equal(titles(readDigest(document, DAY_URL)).length, 9);
});

test("an empty day has no papers", () => assert.deepEqual(digest("empty_day"), []));

test("the paper page: data, rank and comments, events not counted", () => {
  const url = "https://huggingface.co/papers/2603.90000";
  const here = readPaperPage(open("paper_page"), url);
  assert.equal(here?.key, "arxiv:2603.90000");
  const { facts } = /** @type {any} */ (here);
  assert.deepEqual(
    [facts.source, facts.digest, facts.comments, facts.paper.authors.length],
    ["data", { kind: "day", day: "2026-03-09", rank: 1 }, 2, 3],
  );
});

test("the paper page of another id than its data: the title alone", () => {
  const facts = readPaperPage(
    open("paper_page"),
    "https://huggingface.co/papers/2603.90001",
  )?.facts;
  assert.deepEqual(
    [facts?.source, facts?.paper.arxiv_id, facts?.paper.abstract],
    ["card", "2603.90001", ""],
  );
});

test("arXiv: names first name first, the version that is shown, the first version's date", () => {
  const read = (url) => readArxivPage(open("arxiv"), url)?.facts.paper;
  const paper = read("https://arxiv.org/abs/2603.90000");
  assert.deepEqual(paper?.authors, ["Ida Vestergaard", "Tomasz Wrona", "Mei Okafor"]);
  assert.deepEqual(
    [paper?.published, paper?.doi, paper?.arxiv_version],
    ["2026-03-06", "10.5555/invented.1", 2],
  );
  assert.equal(read("https://arxiv.org/abs/2603.90000v1")?.arxiv_version, 1);
});

test(
  "the real day: 25 cards equal to their JSON, and equal without it",
  { skip: !existsSync(REAL) && "the saved page is not here" },
  () => {
    const document = parse(readFileSync(REAL, "utf8"));
    const props = JSON.parse(island(document).getAttribute("data-props"));
    const papers = assertCardsAgree(document, DAY_URL);
    assert.equal(papers.length, 25);
    papers.forEach(({ facts }, i) => {
      const { paper, numComments } = props.dailyPapers[i];
      const names = paper.authors.filter((author) => !author.hidden).map((author) => author.name);
      assert.deepEqual(
        [facts.paper.title, facts.paper.abstract],
        [oneLine(paper.title), oneLine(paper.summary)],
      );
      assert.deepEqual(
        [facts.paper.authors, facts.paper.author_count, facts.paper.published],
        [names, paper.authors.length, paper.publishedAt.slice(0, 10)],
      );
      assert.deepEqual(
        [facts.upvotes, facts.comments, facts.digest],
        [paper.upvotes, numComments, { kind: "day", day: "2026-03-09", rank: i + 1 }],
      );
    });
  },
);

test("a real arXiv page", { skip: !existsSync(REAL_ARXIV) && "the saved page is not here" }, () => {
  const paper = readArxivPage(
    parse(readFileSync(REAL_ARXIV, "utf8")),
    "https://arxiv.org/abs/2604.14148",
  )?.facts.paper;
  assert.deepEqual(
    [paper?.arxiv_id, paper?.arxiv_version, paper?.author_count, paper?.authors[0]],
    ["2604.14148", 1, 171, "Team Seedance"],
  );
});

test("what the library would not take is left out, and the paper still clipped", () => {
  const document = open("day");
  const props = JSON.parse(island(document).getAttribute("data-props"));
  Object.assign(props.dailyPapers[0].paper, {
    title: "A \u0007bell",
    githubRepo: "https://me:secret@example.org",
    projectPage: "javascript:alert(1)",
    ai_keywords: ["", "x"],
  });
  island(document).setAttribute("data-props", JSON.stringify(props));
  const { paper } = readDigest(document, DAY_URL)[0].facts;
  assert.deepEqual(
    [paper.title, paper.code_url, paper.project_url, paper.keywords],
    ["A bell", "", "", ["x"]],
  );
});
