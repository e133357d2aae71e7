/**
 * The popup: shows the paper on the current page, or the last clipped paper, and the outbox. The
 * popup itself stores no state.
 */
import { CLIPPABLE_PAGES, activeTab, sendToTab } from "../browser.js";
import { h } from "../dom.js";
import { request } from "../messages.js";
import { drawOutbox } from "./outbox_list.js";
import { connectButton, showPaper } from "./paper_section.js";
import { drawServerNotices } from "./server_notices.js";
import { stateLine } from "./state_line.js";

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

/** @param {string} state @param {string} text */
function showMessage(state, text) {
  const message = h("div", { class: "pop-paper" }, h("p", {}, text));
  byId("paper").replaceChildren(stateLine("clip", "", state), message);
}

function showNotConnected() {
  showMessage(
    "Not connected to a library.",
    "Clips are kept in this browser until you connect it to your library.",
  );
  const connect = connectButton();
  byId("paper").append(h("footer", { class: "pop-foot" }, connect));
  connect.focus();
}

/** @param {string} url @returns {boolean} */
const isClippable = (url) =>
  CLIPPABLE_PAGES.some((pattern) => url.startsWith(pattern.slice(0, -1)));

/**
 * @returns {Promise<import("../types.js").PagePaper | null | undefined>} undefined if the tab does
 *   not respond
 */
async function tabPaper() {
  const tab = await activeTab();
  return tab?.id === undefined ? undefined : sendToTab(tab.id, { type: "get-page-paper" });
}

async function showPage() {
  const main = byId("paper");
  const paper = await tabPaper();
  if (paper) return showPaper(main, { key: paper.key, ...paper.facts.paper }, paper.facts);
  if (paper === undefined && isClippable((await activeTab())?.url ?? ""))
    return showMessage(
      "Reload this page.",
      "It was opened before Paperclipper was installed or updated.",
    );
  const last = await request({ type: "get-last-clipped" });
  if (last) return showPaper(main, last, null);
  return showMessage(
    "No paper on this page.",
    "Paperclipper works on Daily Papers lists, on their paper pages and on arXiv abstract pages.",
  );
}

const { state, base } = await request({ type: "get-connection" });
byId("library").href = base;
byId("options").addEventListener("click", () => request({ type: "open-options" }));
drawOutbox(byId("outbox"));
drawServerNotices(byId("server-notices"));
await (state === "connected" ? showPage() : showNotConnected());
