/**
 * The editor for a paper's status, star, tags and note. Shared by the panel and the popup.
 */
import { h } from "../dom.js";
import { NoteEditor } from "./note.js";
import { StatusEditor } from "./status.js";
import { TagsEditor } from "./tags.js";

/**
 * @typedef {{ root: HTMLElement, show: (view: import("../types.js").PaperView) => void }}
 *   EditorPart
 * @param {string} key
 * @param {{ withStatus: boolean }} options
 * @returns {EditorPart}
 */
export function createEditor(key, { withStatus }) {
  /** @type {EditorPart[]} */
  const parts = [new TagsEditor(key), new NoteEditor(key)];
  if (withStatus) parts.unshift(new StatusEditor(key));
  return {
    root: h("div", { class: "editor" }, ...parts.map((part) => part.root)),
    show: (view) => parts.forEach((part) => part.show(view)),
  };
}
