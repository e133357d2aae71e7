/** The background: answers the pages, sends the queue, wakes by alarm. All state lies in storage, for the browser ends this worker at will. */
import * as acts from "./actions.js";
import * as browser from "../browser.js";
import { unlearn } from "../server/known_papers.js";
import { sendEntry } from "../outbox/sender.js";
import * as outbox from "../outbox/outbox.js";
import * as pairing from "../server/pairing.js";
import { checkBase, connection, dropConnection } from "../server/connection.js";
import { upkeepView } from "../server/version_check.js";
import { viewsOf, waitingPapers } from "./views.js";

/** How long after the last keystroke a note is sent. */
const STILL = 1200;

const flush = outbox.makeFlush(sendEntry, (key) => tell([key]));

/** @type {Map<string, ReturnType<typeof setTimeout>>} a pause that is lost with the worker: it commits all drafts when it starts */
const pauses = new Map();

/** Shows everywhere what became of these papers, and of all that wait behind them. @param {string[]} keys */
async function tell(keys) {
  const waiting = (await outbox.entries()).map((entry) => entry.key);
  await browser.announce({
    type: "changed",
    views: await viewsOf([...new Set([...keys, ...waiting])]),
  });
  await showBadge();
}

async function showBadge() {
  const papers = waitingPapers(await outbox.entries());
  const bad = papers.filter((paper) => paper.state !== "waiting").length;
  const title = papers.length
    ? `Paperclipper: ${papers.length} waiting${bad ? `, ${bad} of them for you` : ""}`
    : "Paperclipper";
  await browser.setBadge(
    papers.length ? String(papers.length) : "",
    bad ? "#9a2617" : "#714b00",
    title,
  );
}

/** Sends what can be sent, then answers how the paper stands. @param {string} key */
async function sent(key) {
  await flush();
  await tell([key]);
  return (await viewsOf([key]))[key];
}

/** @param {string} key */
async function commit(key) {
  clearTimeout(pauses.get(key));
  await acts.commitNote(key);
  return sent(key);
}

/** @param {string} key */
function commitSoon(key) {
  clearTimeout(pauses.get(key));
  pauses.set(
    key,
    setTimeout(() => commit(key), STILL),
  );
}

/** @type {Record<string, (message: any) => Promise<unknown>>} */
const ANSWERS = {
  look: async (message) => {
    // A library that answers takes what waited for it, whenever the next try is due.
    if (await acts.look(message)) flush().catch(() => {});
    return viewsOf(message.seen.map((/** @type {{ key: string }} */ one) => one.key));
  },
  clip: async ({ key, facts }) => {
    await acts.clip(key, facts);
    return sent(key);
  },
  fill: async ({ key, facts }) => {
    await acts.fill(key, facts);
    return sent(key);
  },
  open: async ({ key }) => {
    await acts.openNote(key);
    return (await viewsOf([key]))[key];
  },
  type: async ({ key, body }) => {
    await acts.typeNote(key, body);
    commitSoon(key);
    return (await viewsOf([key]))[key];
  },
  "keep-note": ({ key }) => commit(key),
  settle: async ({ key, body }) => {
    await acts.settleConflict(key, body);
    return sent(key);
  },
  tag: queued,
  untag: queued,
  change: queued,
  remove: async ({ key }) => {
    await acts.remove(key);
    return sent(key);
  },
  restore: queued,
  suggest: ({ prefix }) => acts.suggestTags(prefix),
  views: ({ keys }) => viewsOf(keys),
  last: acts.lastClipped,
  upkeep: async () => ({
    ...(await upkeepView()),
    waiting: waitingPapers(await outbox.entries()).length,
  }),
  restart: async () => browser.restart(),
  outbox: async () => ({
    papers: waitingPapers(await outbox.entries()),
    trouble: await outbox.trouble(),
  }),
  try: goOn,
  readdress: async () => {
    await outbox.readdress((await connection())?.instance_id ?? "");
    return goOn();
  },
  retry: async ({ id }) => {
    await outbox.retry(id);
    return goOn();
  },
  discard: async ({ id }) => {
    const key = (await outbox.entries()).find((entry) => entry.id === id)?.key;
    await outbox.discard(id);
    await tell(key ? [key] : []);
  },
  connection: pairing.connectionView,
  connect: ({ base }) => pairing.beginPairing(checkBase(base)),
  poll,
  cancel: pairing.endPairing,
  disconnect: async () => {
    await dropConnection();
    await unlearn();
    await browser.announce({ type: "reconnected" });
  },
  options: async () => browser.openOptions(),
};

/** @param {any} message an act as it goes into the queue */
async function queued({ type, key, tag, change }) {
  await acts.queue(key, { act: type, tag, change });
  return sent(key);
}

/** Tries again at once, whatever stood in the way. */
async function goOn() {
  await outbox.calm();
  await flush();
  await tell([]);
}

/** Asks for the key; once it is there, sends what waited and brings strips to pages that are open. */
async function poll() {
  const state = await pairing.pollPairing();
  if (state === "connected") await welcome();
  return state;
}

async function welcome() {
  await unlearn();
  await outbox.adopt((await connection())?.instance_id ?? "");
  await browser.enterOpenPages();
  await browser.announce({ type: "reconnected" });
  await goOn();
}

/** What every start of the worker does: alarms may be gone, drafts and clips may wait. */
async function wake() {
  await browser.closeStorage();
  await acts.commitAll();
  await flush();
  await showBadge();
}

browser.onMessage((message) => ANSWERS[message?.type]?.(message));
browser.onAlarm((name) => (name === pairing.ALARM ? poll().catch(() => {}) : flush()));
browser.onStartup(() => goOn());
browser.onInstalled(() => browser.enterOpenPages());
self.addEventListener("online", () => goOn());
wake();
