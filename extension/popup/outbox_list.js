/** The popup's list of papers with pending or refused entries. */
import { onMessage } from "../browser.js";
import { h } from "../dom.js";
import { request } from "../messages.js";

/** @typedef {import("../types.js").OutboxPaper} OutboxPaper */
/** @typedef {import("../types.js").Pause} Pause */

/** Renders the outbox, and re-renders it whenever a paper changes. @param {HTMLElement} section */
export function drawOutbox(section) {
  const draw = async () => {
    /** @type {import("../types.js").OutboxView} */
    const { papers, pause } = await request({ type: "get-outbox" });
    section.hidden = !papers.length;
    section.replaceChildren(
      heading(papers, pause),
      h("ol", { role: "list", class: "outbox" }, ...papers.map(item)),
      ...pauseButtons(pause),
    );
  };
  onMessage((message) => {
    if (message?.type === "papers-changed") draw();
    return undefined;
  });
  draw();
}

/** @param {OutboxPaper[]} papers @param {Pause} pause @returns {HTMLElement} */
function heading(papers, pause) {
  const reason = h("span", { class: "soft" }, pauseText(pause));
  return h("h2", { class: "label", id: "outbox-heading" }, `${countText(papers)} `, reason);
}

/** @param {OutboxPaper[]} papers @returns {string} */
function countText(papers) {
  const waiting = papers.filter((paper) => paper.state === "waiting").length;
  const failed = papers.length - waiting;
  const texts = [
    waiting ? `${waiting} waiting` : "",
    failed ? `${failed} need${failed === 1 ? "s" : ""} attention` : "",
  ];
  return `${texts.filter(Boolean).join(", ")}.`;
}

/** @param {Pause} pause @returns {string} why sending is paused, or "" */
function pauseText({ kind, next }) {
  const seconds = Math.max(1, Math.round((next - Date.now()) / 1000));
  /** @type {Record<Pause["kind"], string>} */
  const texts = {
    "": "",
    away: `The server is not responding. Retrying in ${seconds} s.`,
    unconnected: "Not connected to a library.",
    revoked: "Disconnected: connect again.",
    "other-library": "These papers were clipped for another library.",
  };
  return texts[kind];
}

/** @param {OutboxPaper} paper @returns {HTMLElement} */
function item(paper) {
  const edits = paper.parts.filter((part) => part !== "clip").join(", ");
  return h(
    "li",
    { "data-state": paper.state },
    paper.title,
    edits ? h("span", { class: "soft" }, ` with ${edits}`) : null,
    paper.state === "waiting" ? null : problem(paper),
    paper.state === "refused" ? refusedButtons(paper) : null,
  );
}

/** @param {OutboxPaper} paper @returns {HTMLElement} why the paper will not be sent */
function problem({ state, reason }) {
  const conflict = "The note was changed elsewhere. Choose a version in the paper’s panel.";
  return h("span", { class: "stop small" }, state === "conflict" ? conflict : reason);
}

/** @param {OutboxPaper} paper @returns {HTMLElement} */
const refusedButtons = ({ id }) =>
  h(
    "span",
    { class: "outbox-buttons" },
    button("Send again", { click: () => request({ type: "retry-entry", id }) }),
    button("Discard", { click: () => request({ type: "discard-entry", id }) }),
  );

/** @param {Pause} pause @returns {HTMLElement[]} */
function pauseButtons({ kind }) {
  if (!kind) return [];
  const retry = button("Retry now", {
    id: "retry-now",
    click: () => request({ type: "retry-all" }),
  });
  const reassign = button("Send to this library", {
    id: "reassign",
    click: () => request({ type: "reassign" }),
  });
  const buttons = kind === "other-library" ? [retry, reassign] : [retry];
  return [h("p", { class: "outbox-buttons" }, ...buttons)];
}

/** @param {string} text @param {Record<string, unknown>} attributes @returns {HTMLElement} */
const button = (text, attributes) =>
  h("button", { class: "btn", type: "button", ...attributes }, text);
