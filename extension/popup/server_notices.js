/**
 * The popup's notices that the server is not running or that an extension update is available.
 */
import { onMessage } from "../browser.js";
import { h, redraw } from "../dom.js";
import { request } from "../messages.js";

/** @typedef {import("../types.js").VersionView} VersionView */

/**
 * Renders the notices. While the server is unreachable, re-renders them whenever a paper changes.
 * @param {HTMLElement} section
 */
export function drawServerNotices(section) {
  let isUnreachable = false;
  const draw = async () => {
    /** @type {VersionView} */
    const view = await request({ type: "check-version" });
    isUnreachable = view.unreachable;
    redraw(
      section,
      ...(view.unreachable ? [unreachableNotice(view.waiting)] : []),
      ...(view.update ? [updateNotice(view)] : []),
    );
    section.hidden = !view.unreachable && !view.update;
  };
  onMessage((message) => {
    if (message?.type === "papers-changed" && isUnreachable) draw();
    return undefined;
  });
  draw();
}

/** @param {number} waiting papers @returns {HTMLElement} */
function unreachableNotice(waiting) {
  const heading = `The server is not running${waiting ? `, ${waiting} waiting` : ""}.`;
  return h(
    "p",
    { class: "small" },
    h("b", {}, heading),
    " Start it with ",
    h("code", {}, "paperclipper serve"),
    ", or with ",
    h("code", {}, "scripts/serve"),
    " in its folder.",
  );
}

/** @param {VersionView} view @returns {HTMLElement} */
const updateNotice = ({ update, ready }) =>
  ready ? updateReadyNotice(update) : updateNeededNotice(update);

/** @param {string} version @returns {HTMLElement} */
function updateReadyNotice(version) {
  const click = () => request({ type: "reload-extension" });
  const reload = h("button", { class: "btn", type: "button", id: "reload", click }, "Reload");
  return h("p", { class: "small update-ready" }, h("b", {}, `Update ready: ${version}. `), reload);
}

/** @param {string} version @returns {HTMLElement} */
const updateNeededNotice = (version) =>
  h(
    "p",
    { class: "small" },
    h("b", {}, `Update available: ${version}.`),
    " Update this extension’s folder with ",
    h("code", {}, "paperclipper extension DIR"),
    ", then open this popup again.",
  );
