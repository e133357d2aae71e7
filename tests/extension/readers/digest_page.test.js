import assert from "node:assert/strict";
import { test } from "node:test";
import { readDigest } from "../../../extension/readers/digest_page.js";
import { DAY_URL, island, openPage, openSavedPage, pageData, setPageData } from "./pages.js";

const REAL_DAY = openSavedPage("digest/papers_day_2026-03-09.html");

const oneLine = (text) => text.replace(/\s+/g, " ").trim();
const digest = (name, url = DAY_URL) => readDigest(openPage(name), url);
const titles = (papers) => papers.map((paper) => paper.facts.paper.title);

/**
 * Asserts that the cards agree with the data in all that they show. Returns what was read from the
 * data.
 */
function assertCardsAgree(document, url) {
  const stated = readDigest(document, url);
  island(document).removeAttribute("data-props");
  const shown = readDigest(document, url);
  assert.equal(shown.length, stated.length);
  shown.forEach(({ facts }, i) => {
    const { facts: data } = stated[i];
    assert.equal(facts.source, "card");
    assert.equal(data.source, "data");
    const shared = ({ upvotes, comments, paper }) => [
      paper.arxiv_id,
      paper.title,
      upvotes,
      comments,
      paper.organisation,
    ];
    assert.deepEqual(shared(facts), shared(data));
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
    assert.ok(assertCardsAgree(openPage(name), DAY_URL).length >= 2);
  });
}

test("a day: everything in the data is read", () => {
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
      "In short: Long documents are read word by word even where most words add nothing new.",
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

test("hard line breaks are removed", () => {
  for (const { facts } of digest("line_breaks")) {
    assert.equal(facts.paper.title, oneLine(facts.paper.title));
    assert.equal(facts.paper.abstract, oneLine(facts.paper.abstract));
    assert.ok(facts.paper.abstract.includes(". "));
  }
});

test("a page of 2024: the day comes from `date`, no organisation, no keywords", () => {
  const [{ facts }] = digest("old_day", "https://huggingface.co/papers?date=2026-03-09");
  assert.deepEqual(
    [facts.source, facts.digest, facts.paper.organisation, facts.paper.keywords],
    ["data", { kind: "day", day: "2026-03-09", rank: 1 }, "", []],
  );
});

test("trending: a doubled card is one paper, with the day of its digest", () => {
  const url = "https://huggingface.co/papers/trending";
  const papers = digest("trending", url);
  assert.equal(papers.length, 4);
  assert.deepEqual(papers[1].facts.digest, { kind: "trending", day: "2026-03-09", rank: 2 });
  const document = openPage("trending");
  island(document).removeAttribute("data-props");
  const [{ facts }] = readDigest(document, url);
  assert.deepEqual(
    [facts.source, facts.upvotes, facts.comments, facts.paper.abstract],
    ["card", 64, null, ""],
  );
});

test("the search view has no data: what the cards show, and no more", () => {
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

test("data of another day are ignored", () => {
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

test("data without one of the visible papers are ignored", () => {
  const document = openPage("day");
  const props = pageData(document);
  props.dailyPapers.pop();
  setPageData(document, props);
  assert.ok(readDigest(document, DAY_URL).every(({ facts }) => facts.source === "card"));
});

test("data that are not JSON are ignored", () => {
  const document = openPage("day");
  island(document).setAttribute("data-props", "{");
  assert.equal(titles(readDigest(document, DAY_URL)).length, 9);
});

test("an empty day has no papers", () => assert.deepEqual(digest("empty_day"), []));

test(
  "the real day: 25 cards agree with their JSON",
  { skip: !REAL_DAY && "the saved page is missing" },
  () => {
    const document = REAL_DAY;
    const props = pageData(document);
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

test("what the library would refuse is left out of the clip", () => {
  const document = openPage("day");
  const props = pageData(document);
  Object.assign(props.dailyPapers[0].paper, {
    title: "A \u0007bell",
    githubRepo: "https://me:secret@example.org",
    projectPage: "javascript:alert(1)",
    ai_keywords: ["", "x"],
  });
  setPageData(document, props);
  const { paper } = readDigest(document, DAY_URL)[0].facts;
  assert.deepEqual(
    [paper.title, paper.code_url, paper.project_url, paper.keywords],
    ["A bell", "", "", ["x"]],
  );
});
