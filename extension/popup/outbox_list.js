/** The popup's list of what waits, and of what the library refused. */
import { onMessage } from "../browser.js";
import { h } from "../dom.js";
import { request } from "../messages.js";

/** @typedef {import("../types.js").OutboxPaper} OutboxPaper */
/** @typedef {import("../types.js").Pause} Pause */

/** @param {HTMLElement} section filled now, and again whenever the queue moves */
export function drawOutbox(section) {
  const draw = async () => {
    /** @type {import("../types.js").OutboxView} */
    const { papers, pause } = await request({ type: "get-outbox" });
    section.hidden = !papers.length;
    section.replaceChildren(
      heading(papers, pause),
      h("ol", { role: "list", class: "outbox" }, ...papers.map(item)),
      ...buttons(pause),
    );
  };
  onMessage((message) => {
    if (message?.type === "papers-changed") draw();
    return undefined;
  });
  draw();
}

/** @param {OutboxPaper[]} papers @param {Pause} pause @returns {HTMLElement} */
const heading = (papers, pause) =>
  h(
    "h2",
    { class: "label", id: "outbox-heading" },
    `${countText(papers)} `,
    h("span", { class: "soft" }, pauseText(pause)),
  );

/** @param {OutboxPaper[]} papers @returns {string} */
function countText(papers) {
  const waiting = papers.filter((paper) => paper.state === "waiting").length;
  const words = [
    waiting ? `${waiting} waiting` : "",
    waiting < papers.length ? `${papers.length - waiting} for you to decide` : "",
  ];
  return words.filter(Boolean).join(", ");
}

/** @param {Pause} pause @returns {string} */
function pauseText({ kind, next }) {
  const seconds = Math.max(1, Math.round((next - Date.now()) / 1000));
  /** @type {Record<Pause["kind"], string>} */
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

/** @param {OutboxPaper} paper @returns {HTMLElement} */
function item({ id, title, parts, state, reason }) {
  const more = parts.filter((part) => part !== "clip").join(", ");
  const words =
    state === "conflict"
      ? "The note was changed elsewhere: choose in the paper’s own panel"
      : reason;
  const problem = state === "waiting" ? null : h("span", { class: "stop small" }, words);
  const buttons =
    state === "refused"
      ? h(
          "span",
          { class: "outbox-buttons" },
          button("Try again", "retry-entry", id),
          button("Discard", "discard-entry", id),
        )
      : null;
  return h(
    "li",
    { "data-state": state },
    title,
    more ? h("span", { class: "soft" }, ` with ${more}`) : null,
    problem,
    buttons,
  );
}

/** @param {string} word @param {"retry-entry" | "discard-entry"} type @param {string} id @returns {HTMLElement} */
const button = (word, type, id) =>
  h("button", { class: "btn", type: "button", click: () => request({ type, id }) }, word);

/** @param {Pause} pause @returns {HTMLElement[]} */
function buttons({ kind }) {
  const retry = h(
    "button",
    { class: "btn", type: "button", id: "retry-now", click: () => request({ type: "retry-all" }) },
    "Try now",
  );
  const reassign = h(
    "button",
    { class: "btn", type: "button", id: "reassign", click: () => request({ type: "reassign" }) },
    "Send them to this library",
  );
  if (kind === "other-library") return [h("p", { class: "outbox-buttons" }, retry, reassign)];
  return kind ? [h("p", { class: "outbox-buttons" }, retry)] : [];
}
