/** The status line at the top of the popup: an icon, the state in bold, and an explanation. */
import { h } from "../dom.js";
import { icon } from "../icons.js";

/**
 * @param {string} name of the icon
 * @param {"" | "is-done" | "is-waiting" | "is-failed"} kind
 * @param {string} state
 * @param {string} [rest]
 * @returns {HTMLElement}
 */
export const stateLine = (name, kind, state, rest = "") =>
  h(
    "div",
    { class: `pop-head ${kind}`, id: "state", role: "status" },
    icon(name),
    h("p", {}, h("b", {}, state), rest ? ` ${rest}` : ""),
  );
