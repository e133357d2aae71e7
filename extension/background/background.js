/**
 * The background worker: handles messages, flushes the outbox, and uses alarms to wake up. Its state
 * is kept in storage because the browser may stop it at any time.
 */
import * as browser from "../browser.js";
import * as outbox from "../outbox/outbox.js";
import { sendEntry } from "../outbox/sender.js";
import { dropConnection, loadConnection, normaliseBaseUrl } from "../server/connection.js";
import * as pairing from "../server/pairing.js";
import { clearPaperCache } from "../server/paper_cache.js";
import { checkVersion } from "../server/version_check.js";
import * as actions from "./actions.js";
import * as lookups from "./lookups.js";
import * as notes from "./notes.js";
import { outboxPapers, viewsOf } from "./views.js";

/** Debounce delay before a note is sent, in ms. */
const NOTE_SEND_DELAY = 1200;
const FAILED_COLOUR = "#9a2617";
const WAITING_COLOUR = "#714b00";

const flush = outbox.createFlush(sendEntry, (key) => broadcastViews([key]));

/**
 * Pending note timers, keyed by paper. They are lost when the worker stops; the next worker queues
 * all drafts on startup.
 * @type {Map<string, ReturnType<typeof setTimeout>>}
 */
const sendTimers = new Map();

/**
 * Broadcasts the views of these papers and of all papers in the outbox.
 * @param {string[]} keys
 */
async function broadcastViews(keys) {
  const queued = (await outbox.loadEntries()).map((entry) => entry.key);
  const views = await viewsOf([...new Set([...keys, ...queued])]);
  await browser.broadcast({ type: "papers-changed", views });
  await updateBadge();
}

async function updateBadge() {
  const papers = await loadOutboxPapers();
  const failed = papers.filter((paper) => paper.state !== "waiting").length;
  const count = papers.length ? String(papers.length) : "";
  const colour = failed ? FAILED_COLOUR : WAITING_COLOUR;
  await browser.setBadge(count, colour, badgeTitle(papers.length, failed));
}

/** @param {number} waiting @param {number} failed @returns {string} */
function badgeTitle(waiting, failed) {
  if (!waiting) return "Paperclipper";
  return `Paperclipper: ${waiting} waiting${failed ? `, ${failed} need attention` : ""}`;
}

const loadOutboxPapers = async () => outboxPapers(await outbox.loadEntries());

/** @param {string} key */
const viewOne = async (key) => (await viewsOf([key]))[key];

/** Flushes the outbox, then returns the updated view of the paper. @param {string} key */
async function flushAndView(key) {
  await flush();
  await broadcastViews([key]);
  return viewOne(key);
}

/** @param {string} key */
async function commitNote(key) {
  clearTimeout(sendTimers.get(key));
  await notes.commitNote(key);
  return flushAndView(key);
}

/** @param {string} key */
function commitNoteLater(key) {
  clearTimeout(sendTimers.get(key));
  const timer = setTimeout(() => commitNote(key), NOTE_SEND_DELAY);
  sendTimers.set(key, timer);
}

/** @typedef {(message: any) => Promise<unknown>} Handler */

/** @type {Record<string, Handler>} */
const PAPER_HANDLERS = {
  lookup: async (request) => {
    // The server is reachable, so flush now instead of waiting for the next retry.
    if (await lookups.lookUp(request)) flush().catch(() => {});
    return viewsOf(request.seen.map((/** @type {{ key: string }} */ paper) => paper.key));
  },
  clip: async ({ key, facts }) => {
    await actions.clip(key, facts);
    return flushAndView(key);
  },
  "fill-stub": async ({ key, facts }) => {
    await actions.fillStub(key, facts);
    return flushAndView(key);
  },
  tag: enqueueAction,
  untag: enqueueAction,
  change: enqueueAction,
  restore: enqueueAction,
  remove: async ({ key }) => {
    await actions.moveToTrash(key);
    return flushAndView(key);
  },
  "suggest-tags": ({ prefix }) => lookups.suggestTags(prefix),
  "get-views": ({ keys }) => viewsOf(keys),
  "get-last-clipped": actions.lastClipped,
};

/** @type {Record<string, Handler>} */
const NOTE_HANDLERS = {
  "open-note": async ({ key }) => {
    await lookups.refreshNotes(key);
    return viewOne(key);
  },
  "edit-note": async ({ key, body }) => {
    await notes.editNote(key, body);
    commitNoteLater(key);
    return viewOne(key);
  },
  "commit-note": ({ key }) => commitNote(key),
  "resolve-conflict": async ({ key, body }) => {
    await notes.resolveConflict(key, body);
    return flushAndView(key);
  },
};

/** @type {Record<string, Handler>} */
const OUTBOX_HANDLERS = {
  "get-outbox": async () => ({
    papers: await loadOutboxPapers(),
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
};

/** @type {Record<string, Handler>} */
const CONNECTION_HANDLERS = {
  "get-connection": pairing.connectionView,
  "start-pairing": ({ base }) => pairing.startPairing(normaliseBaseUrl(base)),
  "poll-pairing": pollPairing,
  "cancel-pairing": pairing.cancelPairing,
  disconnect: async () => {
    await dropConnection();
    await clearPaperCache();
    await browser.broadcast({ type: "connection-changed" });
  },
  "check-version": async () => ({
    ...(await checkVersion()),
    waiting: (await loadOutboxPapers()).length,
  }),
  "open-options": async () => browser.openOptionsPage(),
  "reload-extension": async () => browser.reloadExtension(),
};

const HANDLERS = {
  ...PAPER_HANDLERS,
  ...NOTE_HANDLERS,
  ...OUTBOX_HANDLERS,
  ...CONNECTION_HANDLERS,
};

/** Queues an action whose kind is the message type. @param {any} message */
async function enqueueAction({ type, key, tag, change }) {
  await actions.enqueue(key, { act: type, tag, change });
  return flushAndView(key);
}

/** Flushes the outbox immediately, without waiting for the next scheduled retry. */
async function retryNow() {
  await outbox.clearPause();
  await flush();
  await broadcastViews([]);
}

/** @returns {Promise<string>} the state of the pairing */
async function pollPairing() {
  const state = await pairing.pollPairing();
  if (state === "connected") await onConnected();
  return state;
}

/** Adds strips to pages that are already open and sends pending clips. */
async function onConnected() {
  await clearPaperCache();
  await outbox.assignEntries((await loadConnection())?.instance_id ?? "");
  await browser.injectIntoOpenPages();
  await browser.broadcast({ type: "connection-changed" });
  await retryNow();
}

/** Runs on every worker start: alarms may have been lost, and drafts and clips may be pending. */
async function start() {
  await browser.restrictStorageAccess();
  await notes.commitAllDrafts();
  await flush();
  await updateBadge();
}

/** @param {string} name */
const onAlarm = (name) =>
  name === pairing.PAIRING_ALARM ? pollPairing().catch(() => {}) : flush();

browser.onMessage((message) => HANDLERS[message?.type]?.(message));
browser.onAlarm(onAlarm);
browser.onStartup(() => retryNow());
browser.onInstalled(() => browser.injectIntoOpenPages());
self.addEventListener("online", () => retryNow());
start();
