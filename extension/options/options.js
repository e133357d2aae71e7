/**
 * The options page: connects the browser to a library and shows the connection. All requests go
 * through the background worker.
 */
import { requestServerAccess, requestSiteAccess, hasSiteAccess, openTab } from "../browser.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { request } from "../messages.js";
import { normaliseBaseUrl } from "../server/connection.js";

/** @typedef {import("../types.js").ConnectionView} ConnectionView */

/** How often the pairing is polled while this page is open, in ms. */
const POLL_INTERVAL = 1000;

/** Whether the reader has edited the address; if so, it must not be overwritten. */
let isAddressEdited = false;

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

/** @param {unknown} error */
function showProblem(error) {
  byId("problem").hidden = !error;
  byId("problem").replaceChildren();
  if (!error) return;
  const text = String(/** @type {any} */ (error).message ?? error);
  byId("problem").append(icon("alert"), h("span", {}, text));
}

/** @param {ConnectionView} view */
function draw(view) {
  const { state, base } = view;
  const isConnected = state === "connected";
  byId("title").textContent = isConnected ? "This browser is connected" : "Connect this browser";
  if (!isAddressEdited) byId("address").value = base;
  byId("connect").textContent = isConnected ? "Connect again" : "Connect";
  byId("connect").classList.toggle("btn-first", state === "none");
  drawWaiting(view);
  drawConnected(view);
}

/** @param {ConnectionView} view */
function drawWaiting({ state, words, approve_url, expires_at }) {
  const isWaiting = state === "waiting";
  byId("waiting").hidden = !isWaiting;
  byId("step-words").hidden = state === "connected";
  byId("step-words").classList.toggle("is-later", !isWaiting);
  drawWords(words);
  byId("open-approve").dataset.url = approve_url;
  byId("time-left").textContent = isWaiting ? timeLeft(expires_at) : "";
}

/** @param {ConnectionView} view */
function drawConnected({ state, base, library }) {
  const isConnected = state === "connected";
  byId("connected").hidden = !isConnected;
  byId("not-yet").hidden = isConnected;
  byId("step-done").classList.toggle("is-later", !isConnected);
  const target = library ? `“${library}” at ${base}` : base;
  byId("connected-to").replaceChildren(icon("check"), `Clips go to ${target}.`);
  byId("library").href = base;
}

/** @param {string[]} words redrawn only when they change, so that screen readers read them once */
function drawWords(words) {
  if (byId("words").dataset.words === words.join(" ")) return;
  byId("words").dataset.words = words.join(" ");
  byId("words").replaceChildren(...words.flatMap((word) => [h("span", {}, word), " "]));
}

/** @param {string} end ISO 8601 @returns {string} */
function timeLeft(end) {
  const seconds = Math.max(0, Math.round((Date.parse(end) - Date.now()) / 1000));
  return `The request expires in ${Math.floor(seconds / 60)} min ${seconds % 60} s.`;
}

/** @returns {Promise<ConnectionView>} */
async function refresh() {
  const view = await request({ type: "get-connection" });
  draw(view);
  return view;
}

/** Polls until the pairing is settled. */
async function pollUntilSettled() {
  while ((await refresh()).state === "waiting") {
    await request({ type: "poll-pairing" }).catch(showProblem);
    await new Promise((done) => setTimeout(done, POLL_INTERVAL));
  }
}

/** @param {() => Promise<unknown>} work */
async function run(work) {
  showProblem(null);
  await work().catch(showProblem);
  await pollUntilSettled();
}

/** @param {string} address */
async function connect(address) {
  const base = normaliseBaseUrl(address);
  // Permissions must be requested synchronously within the user gesture, before any await.
  if (base.startsWith("https:") && !(await requestServerAccess(base)))
    throw new Error(
      `Paperclipper needs your permission to connect to ${base}. Press Connect again and allow it.`,
    );
  await request({ type: "start-pairing", base });
}

byId("address").addEventListener("input", () => (isAddressEdited = true));
byId("address-form").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  run(() => connect(byId("address").value));
});
byId("open-approve").addEventListener("click", () => openTab(byId("open-approve").dataset.url));
byId("cancel").addEventListener("click", () => run(() => request({ type: "cancel-pairing" })));
byId("disconnect").addEventListener("click", () => run(() => request({ type: "disconnect" })));
byId("allow-sites").addEventListener("click", async () => {
  byId("sites").hidden = await requestSiteAccess();
});
byId("sites").hidden = await hasSiteAccess();
await pollUntilSettled();
