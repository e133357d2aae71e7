/** The background: answers the pages, sends the queue, wakes by alarm. All state lies in storage, for the browser ends this worker at will. */
import * as actions from "./actions.js";
import * as browser from "../browser.js";
import { clearPaperCache } from "../server/paper_cache.js";
import { sendEntry } from "../outbox/sender.js";
import * as outbox from "../outbox/outbox.js";
import * as pairing from "../server/pairing.js";
import { normaliseBaseUrl, loadConnection, dropConnection } from "../server/connection.js";
import { checkVersion } from "../server/version_check.js";
import { viewsOf, waitingPapers } from "./views.js";

/** How long after the last keystroke a note is sent. */
const NOTE_SEND_DELAY = 1200;

const flush = outbox.createFlush(sendEntry, (key) => broadcastViews([key]));

/** @type {Map<string, ReturnType<typeof setTimeout>>} a pause that is lost with the worker: it commits all drafts when it starts */
const sendTimers = new Map();

/** Shows everywhere what became of these papers, and of all that wait behind them. @param {string[]} keys */
async function broadcastViews(keys) {
  const waiting = (await outbox.loadEntries()).map((entry) => entry.key);
  await browser.broadcast({
    type: "papers-changed",
    views: await viewsOf([...new Set([...keys, ...waiting])]),
  });
  await updateBadge();
}

async function updateBadge() {
  const papers = waitingPapers(await outbox.loadEntries());
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
async function flushAndView(key) {
  await flush();
  await broadcastViews([key]);
  return (await viewsOf([key]))[key];
}

/** @param {string} key */
async function commit(key) {
  clearTimeout(sendTimers.get(key));
  await actions.commitNote(key);
  return flushAndView(key);
}

/** @param {string} key */
function commitSoon(key) {
  clearTimeout(sendTimers.get(key));
  sendTimers.set(
    key,
    setTimeout(() => commit(key), NOTE_SEND_DELAY),
  );
}

/** @type {Record<string, (message: any) => Promise<unknown>>} */
const HANDLERS = {
  lookup: async (message) => {
    // A library that answers takes what waited for it, whenever the next try is due.
    if (await actions.lookUp(message)) flush().catch(() => {});
    return viewsOf(message.seen.map((/** @type {{ key: string }} */ one) => one.key));
  },
  clip: async ({ key, facts }) => {
    await actions.clip(key, facts);
    return flushAndView(key);
  },
  "fill-stub": async ({ key, facts }) => {
    await actions.fillStub(key, facts);
    return flushAndView(key);
  },
  "open-note": async ({ key }) => {
    await actions.refreshNotes(key);
    return (await viewsOf([key]))[key];
  },
  "edit-note": async ({ key, body }) => {
    await actions.editNote(key, body);
    commitSoon(key);
    return (await viewsOf([key]))[key];
  },
  "commit-note": ({ key }) => commit(key),
  "resolve-conflict": async ({ key, body }) => {
    await actions.resolveConflict(key, body);
    return flushAndView(key);
  },
  tag: enqueue,
  untag: enqueue,
  change: enqueue,
  remove: async ({ key }) => {
    await actions.moveToTrash(key);
    return flushAndView(key);
  },
  restore: enqueue,
  "suggest-tags": ({ prefix }) => actions.suggestTags(prefix),
  "get-views": ({ keys }) => viewsOf(keys),
  "get-last-clipped": actions.lastClipped,
  "check-version": async () => ({
    ...(await checkVersion()),
    waiting: waitingPapers(await outbox.loadEntries()).length,
  }),
  "reload-extension": async () => browser.reloadExtension(),
  "get-outbox": async () => ({
    papers: waitingPapers(await outbox.loadEntries()),
    pause: await outbox.loadPause(),
  }),
  "retry-all": retryNow,
  reassign: async () => {
    await outbox.reassignEntries((await loadConnection())?.instance_id ?? "");
    return retryNow();
  },
  "retry-entry": async ({ id }) => {
    await outbox.retryEntry(id);
    return retryNow();
  },
  "discard-entry": async ({ id }) => {
    const key = (await outbox.loadEntries()).find((entry) => entry.id === id)?.key;
    await outbox.discardEntry(id);
    await broadcastViews(key ? [key] : []);
  },
  "get-connection": pairing.connectionView,
  "start-pairing": ({ base }) => pairing.startPairing(normaliseBaseUrl(base)),
  "poll-pairing": pollPairing,
  "cancel-pairing": pairing.cancelPairing,
  disconnect: async () => {
    await dropConnection();
    await clearPaperCache();
    await browser.broadcast({ type: "connection-changed" });
  },
  "open-options": async () => browser.openOptionsPage(),
};

/** @param {any} message an act as it goes into the queue */
async function enqueue({ type, key, tag, change }) {
  await actions.enqueue(key, { act: type, tag, change });
  return flushAndView(key);
}

/** Tries again at once, whatever stood in the way. */
async function retryNow() {
  await outbox.clearPause();
  await flush();
  await broadcastViews([]);
}

/** Asks for the key; once it is there, sends what waited and brings strips to pages that are open. */
async function pollPairing() {
  const state = await pairing.pollPairing();
  if (state === "connected") await connected();
  return state;
}

async function connected() {
  await clearPaperCache();
  await outbox.assignEntries((await loadConnection())?.instance_id ?? "");
  await browser.injectIntoOpenPages();
  await browser.broadcast({ type: "connection-changed" });
  await retryNow();
}

/** What every start of the worker does: alarms may be gone, drafts and clips may wait. */
async function start() {
  await browser.restrictStorageAccess();
  await actions.commitAllDrafts();
  await flush();
  await updateBadge();
}

browser.onMessage((message) => HANDLERS[message?.type]?.(message));
browser.onAlarm((name) =>
  name === pairing.PAIRING_ALARM ? pollPairing().catch(() => {}) : flush(),
);
browser.onStartup(() => retryNow());
browser.onInstalled(() => browser.injectIntoOpenPages());
self.addEventListener("online", () => retryNow());
start();
