import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { challengeOf } from "../../../extension/server/pairing.js";
import { fakeBrowser, startWorker, until } from "../fake_browser.js";
import { startLibrary } from "../fake_library.js";

let browser;
let library;

beforeEach(async () => {
  browser = fakeBrowser();
  library = await startLibrary();
  await startWorker(browser);
});
afterEach(() => library.close());

const connect = () => browser.ask({ type: "start-pairing", base: library.base });
const view = () => browser.ask({ type: "get-connection" });

test("the challenge is computed as in RFC 7636, appendix B", async () => {
  assert.equal(
    await challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  );
});

test("pairing shows the words, opens the library's page, and gets the token once it is allowed", async () => {
  await connect();
  assert.deepEqual((await view()).words, ["harbour", "lentil", "seven"]);
  assert.deepEqual(browser.tabs.opened, [`${library.base}/pair/p`]);
  assert.equal(await browser.ask({ type: "poll-pairing" }), "waiting");
  library.verdict = "allowed";
  assert.equal(await browser.ask({ type: "poll-pairing" }), "connected");
  assert.deepEqual([(await view()).state, (await view()).library], ["connected", "Mine"]);
  assert.equal(browser.storage.local.items.get("connection").token, "key-1");
  assert.equal(browser.storage.local.items.get("access level"), "TRUSTED_CONTEXTS");
});

test("pairing continues after the worker was stopped, by its alarm", async () => {
  await connect();
  library.verdict = "allowed";
  await startWorker(browser);
  await browser.ring("pairing");
  await until(async () => (await view()).state === "connected");
});

for (const [verdict, text] of [
  ["403", /refused/],
  ["410", /expired/],
]) {
  test(`a pairing that ended with ${verdict} is reported and over`, async () => {
    await connect();
    library.verdict = verdict;
    assert.match((await browser.ask({ type: "poll-pairing" })).error, text);
    assert.equal((await view()).state, "none");
    assert.equal(browser.alarms.set.size, 0);
  });
}

test("after too many requests the error gives the time to try again", async () => {
  library.trouble = ({ path }) =>
    path === "/pairings" && { status: 429, body: {}, headers: { "Retry-After": "40" } };
  assert.match((await connect()).error, /in 40 s/);
});

test("another program at the address is distinguished from none", async () => {
  library.trouble = () => ({ status: 200, body: { app: "other" } });
  assert.match((await connect()).error, /not Paperclipper/);
  await library.close();
  assert.match((await connect()).error, /not responding/);
});

test("what was clipped before connecting is sent to the connected library", async () => {
  const paper = { title: "A", arxiv_id: "2603.90000" };
  const waiting = await browser.ask({ type: "clip", key: "arxiv:2603.90000", facts: { paper } });
  assert.deepEqual([waiting.state, waiting.fix_in_options], ["waiting", true]);
  await connect();
  library.verdict = "allowed";
  await browser.ask({ type: "poll-pairing" });
  assert.equal(library.clips.size, 1);
});
