/** The popup's list of what waits, and of what the library refused. */
import { onMessage } from "../browser.js";
import { h } from "../dom.js";
import { request } from "../messages.js";

/** @typedef {import("../types.js").WaitingPaper} WaitingPaper */
/** @typedef {import("../types.js").Trouble} Trouble */

/** @param {HTMLElement} section filled now, and again whenever the queue moves */
export function drawOutbox(section) {
  const draw = async () => {
    /** @type {import("../types.js").OutboxView} */
    const { papers, trouble } = await request({ type: "outbox" });
    section.hidden = !papers.length;
    section.replaceChildren(
      heading(papers, trouble),
      h("ol", { role: "list", class: "outbox" }, ...papers.map(line)),
      ...acts(trouble),
    );
  };
  onMessage((message) => {
    if (message?.type === "changed") draw();
    return undefined;
  });
  draw();
}

/** @param {WaitingPaper[]} papers @param {Trouble} trouble @returns {HTMLElement} */
const heading = (papers, trouble) =>
  h(
    "h2",
    { class: "label", id: "outbox-head" },
    `${counts(papers)} `,
    h("span", { class: "soft" }, why(trouble)),
  );

/** @param {WaitingPaper[]} papers @returns {string} */
function counts(papers) {
  const waiting = papers.filter((paper) => paper.state === "waiting").length;
  const words = [
    waiting ? `${waiting} waiting` : "",
    waiting < papers.length ? `${papers.length - waiting} for you to decide` : "",
  ];
  return words.filter(Boolean).join(", ");
}

/** @param {Trouble} trouble @returns {string} */
function why({ kind, next }) {
  const seconds = Math.max(1, Math.round((next - Date.now()) / 1000));
  /** @type {Record<Trouble["kind"], string>} */
  const words = {
    "": "",
    away: `your server did not answer, next try in ${seconds} s`,
    unconnected: "until you connect",
    revoked: "key revoked: connect again",
    "other-library":
      "another library answers at this address; these were clipped for the one before",
  };
  return words[kind];
}

/** @param {WaitingPaper} paper @returns {HTMLElement} */
function line({ id, title, parts, state, reason }) {
  const more = parts.filter((part) => part !== "clip").join(", ");
  const words =
    state === "conflict"
      ? "The note was changed elsewhere: choose in the paper’s own panel"
      : reason;
  const told = state === "waiting" ? null : h("span", { class: "stop small" }, words);
  const acts =
    state === "refused"
      ? h(
          "span",
          { class: "outbox-acts" },
          act("Try again", "retry", id),
          act("Discard", "discard", id),
        )
      : null;
  return h(
    "li",
    { "data-state": state },
    title,
    more ? h("span", { class: "soft" }, ` with ${more}`) : null,
    told,
    acts,
  );
}

/** @param {string} word @param {"retry" | "discard"} type @param {string} id @returns {HTMLElement} */
const act = (word, type, id) =>
  h("button", { class: "btn", type: "button", click: () => request({ type, id }) }, word);

/** @param {Trouble} trouble @returns {HTMLElement[]} */
function acts({ kind }) {
  const again = h(
    "button",
    { class: "btn", type: "button", id: "try", click: () => request({ type: "try" }) },
    "Try now",
  );
  const here = h(
    "button",
    { class: "btn", type: "button", id: "readdress", click: () => request({ type: "readdress" }) },
    "Send them to this library",
  );
  if (kind === "other-library") return [h("p", { class: "outbox-acts" }, again, here)];
  return kind ? [h("p", { class: "outbox-acts" }, again)] : [];
}
