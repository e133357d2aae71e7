/** The controls for the reading status and the star. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { request } from "../messages.js";

/** @type {[string, string][]} */
const STATUSES = [
  ["unread", "Unread"],
  ["reading", "Reading"],
  ["read", "Read"],
];

export class StatusEditor {
  #radios = STATUSES.map(([value]) =>
    h("input", {
      type: "radio",
      name: "status",
      class: "visually-hidden",
      value,
      change: () => this.#change({ status: value }),
    }),
  );
  #star = h("button", {
    class: "btn btn-bare btn-icon star",
    type: "button",
    id: "star",
    "aria-label": "Star",
    click: () => this.#toggleStar(),
  });
  /** The last state reported by the background, restored if a change cannot be stored. */
  #shown = { status: "", starred: false };

  /** @param {string} key */
  constructor(key) {
    this.key = key;
    const labels = STATUSES.map(([name, text], i) =>
      h("label", {}, this.#radios[i], h("span", {}, icon(name), text)),
    );
    this.root = h(
      "fieldset",
      { class: "status-row" },
      h("legend", { class: "visually-hidden" }, "Status"),
      h("div", { class: "segmented" }, ...labels),
      this.#star,
    );
  }

  /** @param {{ status: string, starred: boolean }} view */
  show(view) {
    this.#shown = view;
    for (const radio of this.#radios) radio.checked = radio.value === view.status;
    this.#drawStar(view.starred);
  }

  /** @param {{ status?: string, starred?: boolean }} change */
  #change(change) {
    request({ type: "change", key: this.key, change }).catch(() => this.show(this.#shown));
  }

  #toggleStar() {
    const starred = this.#star.getAttribute("aria-pressed") !== "true";
    this.#drawStar(starred);
    this.#change({ starred });
  }

  /** @param {boolean} starred */
  #drawStar(starred) {
    this.#star.setAttribute("aria-pressed", String(starred));
    this.#star.replaceChildren(icon(starred ? "star-on" : "star"));
  }
}
