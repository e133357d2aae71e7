/** How far the reader is, and the star. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { request } from "../messages.js";

/** @type {[string, string][]} */
const STATUSES = [
  ["unread", "Unread"],
  ["reading", "Reading"],
  ["read", "Read"],
];

/** @param {string} key @returns {import("./editor.js").EditorPart} */
export function createStatus(key) {
  const radios = STATUSES.map(([value]) =>
    h("input", {
      type: "radio",
      name: "status",
      class: "visually-hidden",
      value,
      change: () => change({ status: value }),
    }),
  );
  const labels = radios.map((radio, i) =>
    h("label", {}, radio, h("span", {}, icon(STATUSES[i][0]), STATUSES[i][1])),
  );
  const star = h("button", {
    class: "btn btn-bare btn-icon star",
    type: "button",
    id: "star",
    "aria-label": "Star",
    click: press,
  });
  const root = h(
    "fieldset",
    { class: "status-row" },
    h("legend", { class: "visually-hidden" }, "Status"),
    h("div", { class: "segmented" }, ...labels),
    star,
  );

  /** What the background last said: a click that was not kept is taken back. */
  let shown = { status: "", starred: false };

  /** @param {{ status?: string, starred?: boolean }} change */
  function change(change) {
    request({ type: "change", key, change }).catch(() => show(shown));
  }

  function press() {
    drawStar(star.getAttribute("aria-pressed") !== "true");
    change({ starred: star.getAttribute("aria-pressed") === "true" });
  }

  /** @param {boolean} on */
  function drawStar(on) {
    star.setAttribute("aria-pressed", String(on));
    star.replaceChildren(icon(on ? "star-on" : "star"));
  }

  /** @param {{ status: string, starred: boolean }} view */
  function show(view) {
    shown = view;
    for (const radio of radios) radio.checked = radio.value === view.status;
    drawStar(view.starred);
  }

  return { root, show };
}
