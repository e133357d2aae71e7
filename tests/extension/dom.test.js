import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { parseHTML } from "linkedom";
import { h, redraw } from "../../extension/dom.js";

let foot;

beforeEach(() => {
  const { document } = parseHTML("<footer></footer>");
  globalThis.document = document;
  foot = document.querySelector("footer");
});

const undo = (word = "Undo") => h("button", { type: "button", click: () => {} }, word);

test("nodes that are equal stay, with their press and focus", () => {
  redraw(foot, undo());
  const shown = foot.firstChild;
  redraw(foot, undo());
  assert.equal(foot.firstChild, shown);
});

test("nodes that differ in text or number are replaced", () => {
  redraw(foot, undo());
  redraw(foot, undo("Remove"));
  assert.equal(foot.textContent, "Remove");
  redraw(foot, undo("Remove"), undo());
  assert.equal(foot.children.length, 2);
  redraw(foot);
  assert.equal(foot.childNodes.length, 0);
});
