/** The popup: the paper of the open page, else the one clipped last, and what waits. It remembers nothing itself. */
import { CLIPPABLE, activeTab, ask, onMessage } from "../browser.js";
import { counted, day, h, redraw } from "../dom.js";
import { createEditor } from "../panel/editor.js";
import { icon } from "../icons.js";
import { request } from "../messages.js";
import { drawOutbox } from "./outbox_list.js";

/** @typedef {import("../types.js").PaperView} PaperView */
/** @typedef {import("../types.js").PaperLine} PaperLine */

const main = /** @type {HTMLElement} */ (document.getElementById("paper"));
const library = /** @type {HTMLAnchorElement} */ (document.getElementById("library"));

/** @param {string} name @param {string} kind @param {string} strong @param {string} [rest] @returns {HTMLElement} */
const head = (name, kind, strong, rest = "") =>
  h(
    "div",
    { class: `pop-head ${kind}`, id: "state", role: "status" },
    icon(name),
    h("p", {}, h("b", {}, strong), rest ? ` ${rest}` : ""),
  );

/** @param {PaperLine} paper @returns {string} */
function byline({ authors, author_count }) {
  const all = Math.max(author_count ?? 0, authors.length);
  if (!authors.length) return all ? counted(all, "author") : "";
  const more = all - Math.min(authors.length, 3);
  return authors.slice(0, 3).join(", ") + (more ? ` and ${more} more` : "");
}

/** @param {PaperLine} paper @returns {HTMLElement} */
function sheet(paper) {
  const id = h("span", { class: "mono" }, paper.key.replace("arxiv:", ""));
  const date = paper.published ? ` · ${day(paper.published)}` : "";
  return h(
    "div",
    { class: "pop-sheet" },
    paper.title ? h("h2", { class: "pop-title" }, paper.title) : null,
    h("p", { class: "pop-by" }, byline(paper), h("br"), id, date),
  );
}

/** @param {PaperView} view @returns {HTMLElement} */
function stateHead({ state, tell, mend, clipped_at, notes, removed }) {
  if (removed) return head("clip", "", "In the trash.", "It stays there 30 days.");
  if (state === "saved")
    return head(
      "clip-saved",
      "is-done",
      "In your library",
      since(clipped_at, notes) + (tell ? ` ${tell}.` : ""),
    );
  if (state === "waiting")
    return head(
      "clip-queued",
      "is-wait",
      "Waiting.",
      mend ? `${tell}.` : "Your server did not answer. Kept in this browser.",
    );
  if (state === "failed") return head("clip-failed", "is-stop", "Not saved.", tell);
  return state === "saving"
    ? head("clip-saving", "", "Saving.")
    : head("clip", "", "Not saved yet.");
}

/** @param {string | null} clipped @param {number} notes @returns {string} */
const since = (clipped, notes) =>
  `${clipped ? `since ${day(clipped)}` : ""}${notes ? `, ${counted(notes, "note")}` : ""}.`;

/**
 * Shows one paper, and keeps it up to date.
 * @param {PaperLine} paper
 * @param {import("../types.js").ClipFacts | null} facts  to clip it by; null for one that is not on the open page
 */
async function showPaper(paper, facts) {
  const { key } = paper;
  const editor = createEditor(key, { withStatus: true });
  const yours = h("div", { class: "pop-yours" }, editor.root);
  const top = h("div");
  const foot = h("footer", { class: "pop-foot" });
  main.replaceChildren(
    ...(facts
      ? []
      : [h("p", { class: "pop-label", id: "last-clipped" }, "Last clipped, not on this page")]),
    top,
    sheet(paper),
    yours,
    foot,
  );

  /** @param {PaperView} view */
  const show = (view) => {
    redraw(top, stateHead(view));
    yours.hidden = view.state === "clip" || (view.state === "failed" && !view.mend);
    redraw(foot, ...footOf(view, facts));
    editor.show(view);
  };
  onMessage((message) => {
    if (message?.type === "changed" && message.views[key]) show(message.views[key]);
    return undefined;
  });
  show(
    (
      await request({
        type: "look",
        seen: [{ key, upvotes: null, comments: null }],
        page: null,
        day: "",
      })
    )[key],
  );
  show(await request({ type: "open", key }));
  if (facts) foot.querySelector("#clip")?.focus();
}

/** @param {PaperView} view @param {import("../types.js").ClipFacts | null} facts @returns {HTMLElement[]} */
function footOf({ key, state, page_url, removed, mend }, facts) {
  const clip = () =>
    request({ type: "clip", key, facts: /** @type {import("../types.js").ClipFacts} */ (facts) });
  const undo = h(
    "button",
    { class: "btn", type: "button", id: "undo", click: () => request({ type: "restore", key }) },
    "Undo",
  );
  if (removed) return [undo];
  if (state === "clip")
    return facts
      ? [
          h(
            "button",
            { class: "btn btn-first", type: "button", id: "clip", click: clip },
            icon("clip"),
            "Clip",
          ),
        ]
      : [];
  const remove = h(
    "button",
    {
      class: "btn btn-bare",
      type: "button",
      id: "remove",
      click: () => request({ type: "remove", key }),
    },
    state === "failed" && !mend ? "Discard" : "Remove",
  );
  if (mend)
    return [
      h(
        "button",
        { class: "btn btn-first", type: "button", click: () => request({ type: "options" }) },
        "Connect",
      ),
    ];
  return page_url
    ? [
        h(
          "a",
          { class: "btn btn-first", id: "open-paper", href: page_url, target: "_blank" },
          "Open in library",
        ),
        remove,
      ]
    : [remove];
}

function showUnconnected() {
  const connect = h(
    "button",
    {
      class: "btn btn-first",
      type: "button",
      id: "connect",
      click: () => request({ type: "options" }),
    },
    "Connect",
  );
  main.replaceChildren(
    head("clip", "", "Not connected."),
    h(
      "div",
      { class: "pop-sheet" },
      h(
        "p",
        {},
        "Connect this browser to your library, once. What you clip before is kept here and sent then.",
      ),
    ),
    h("footer", { class: "pop-foot" }, connect),
  );
  connect.focus();
}

/** @param {string} strong @param {string} words */
function showNothing(strong, words) {
  main.replaceChildren(
    head("clip", "", strong),
    h("div", { class: "pop-sheet" }, h("p", {}, words)),
  );
}

/** @param {string} url @returns {boolean} */
const isClippable = (url) => CLIPPABLE.some((pattern) => url.startsWith(pattern.slice(0, -1)));

async function showPage() {
  const tab = await activeTab();
  const here = tab?.id === undefined ? undefined : await ask(tab.id, { type: "here" });
  if (here) return showPaper({ key: here.key, ...here.facts.paper }, here.facts);
  if (here === undefined && isClippable(tab?.url ?? ""))
    return showNothing("Reload this page.", "It was open before Paperclipper could look at it.");
  const last = await request({ type: "last" });
  if (last) return showPaper(last, null);
  return showNothing(
    "No paper on this page.",
    "Paperclipper clips from the Daily Papers lists, from their papers’ pages, and from arXiv.",
  );
}

/** Says what the reader can do for server and extension; again whenever the queue moves, while the server sleeps. @param {HTMLElement} section */
function drawUpkeep(section) {
  let sleeps = false;
  const draw = async () => {
    const view = await request({ type: "upkeep" });
    sleeps = view.asleep;
    redraw(
      section,
      ...(view.asleep ? [sleeping(view)] : []),
      ...(view.update ? [updating(view)] : []),
    );
    section.hidden = !view.asleep && !view.update;
  };
  onMessage((message) => {
    if (message?.type === "changed" && sleeps) draw();
    return undefined;
  });
  draw();
}

/** @param {import("../types.js").UpkeepView} view @returns {HTMLElement} */
function sleeping({ waiting }) {
  const head = h("b", {}, `Your server is asleep${waiting ? `, ${waiting} waiting` : ""}.`);
  return h(
    "p",
    { class: "small" },
    head,
    " Start it with ",
    h("code", {}, "paperclipper serve"),
    ", or with ",
    h("code", {}, "scripts/serve"),
    " in its folder.",
  );
}

/** @param {import("../types.js").UpkeepView} view @returns {HTMLElement} */
function updating({ update, ready }) {
  const reload = h(
    "button",
    { class: "btn", type: "button", id: "reload", click: () => request({ type: "restart" }) },
    "Reload",
  );
  if (ready)
    return h("p", { class: "small upkeep-ready" }, h("b", {}, `Update ready: ${update}. `), reload);
  const command = h("code", {}, "paperclipper extension DIR");
  return h(
    "p",
    { class: "small" },
    h("b", {}, `Version ${update} fits your library.`),
    " Bring this extension’s folder up to date (",
    command,
    "), then open this again.",
  );
}

const { state, base } = await request({ type: "connection" });
library.href = base;
document.getElementById("settings")?.addEventListener("click", () => request({ type: "options" }));
drawOutbox(/** @type {HTMLElement} */ (document.getElementById("outbox")));
drawUpkeep(/** @type {HTMLElement} */ (document.getElementById("upkeep")));
await (state === "connected" ? showPage() : showUnconnected());
