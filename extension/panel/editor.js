/** What the reader adds to a paper: status and star, tags, note. The same in the panel and in the popup. */
import { h } from "../dom.js";
import { createNote } from "./note.js";
import { createStatus } from "./status.js";
import { createTags } from "./tags.js";

/**
 * @typedef {{ root: HTMLElement, show: (view: import("../types.js").PaperView) => void }} EditorPart
 * @param {string} key
 * @param {{ withStatus: boolean }} options
 * @returns {EditorPart}
 */
export function createEditor(key, { withStatus }) {
  const parts = [...(withStatus ? [createStatus(key)] : []), createTags(key), createNote(key)];
  return {
    root: h("div", { class: "editor" }, ...parts.map((part) => part.root)),
    show: (view) => parts.forEach((part) => part.show(view)),
  };
}
