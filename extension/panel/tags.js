/** The tag editor: the paper's tags as chips, and an input with suggestions from the library. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { errorText, request } from "../messages.js";

/** @typedef {{ name: string, papers: number }} Suggestion */

export class TagsEditor {
  #field = h("input", {
    class: "tag-input",
    id: "tag",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "tag-list",
    "aria-autocomplete": "list",
    autocomplete: "off",
    maxlength: "100",
    input: () => this.#suggest(),
    keydown: (/** @type {KeyboardEvent} */ event) => this.#onKeydown(event),
    blur: () => this.#add(this.#field.value),
  });
  #list = h("ul", {
    class: "tag-suggestions",
    id: "tag-list",
    role: "listbox",
    "aria-label": "Tags in your library",
    hidden: true,
  });
  #chips = h("div", { class: "tag-row" }, this.#field);
  #problem = h("p", { class: "small stop", role: "alert", hidden: true });
  /** The index of the selected suggestion, or -1. */
  #selected = -1;

  /** @param {string} key */
  constructor(key) {
    this.key = key;
    const label = h("label", { class: "label", for: "tag" }, "Tags");
    this.root = h("div", { class: "editor-row" }, label, this.#chips, this.#list, this.#problem);
  }

  /** @param {{ tags: string[] }} view */
  show({ tags }) {
    this.#chips.querySelectorAll(".chip").forEach((/** @type {Element} */ old) => old.remove());
    this.#field.before(...tags.map((tag) => this.#chip(tag)));
  }

  /** @param {string} tag @returns {HTMLElement} */
  #chip(tag) {
    const remove = h(
      "button",
      {
        class: "chip-remove",
        type: "button",
        "aria-label": `Remove tag ${tag}`,
        click: () => request({ type: "untag", key: this.key, tag }),
      },
      icon("x"),
    );
    return h("span", { class: "chip", "data-tag": tag }, h("span", {}, tag), remove);
  }

  /** @param {string} text */
  #add(text) {
    this.#close();
    this.#field.value = "";
    this.#problem.hidden = true;
    const tag = text.trim().replace(/^#/, "");
    if (tag)
      request({ type: "tag", key: this.key, tag }).catch((error) => this.#undoAdd(tag, error));
  }

  /**
   * Restores a tag that could not be stored to the input.
   * @param {string} tag
   * @param {unknown} error
   */
  #undoAdd(tag, error) {
    this.#field.value ||= tag;
    this.#problem.textContent = `Not stored: ${errorText(error)}.`;
    this.#problem.hidden = false;
  }

  async #suggest() {
    const prefix = this.#field.value.trim();
    const found = prefix ? await request({ type: "suggest-tags", prefix }).catch(() => []) : [];
    // Discard stale responses: the input may have changed in the meantime.
    if (this.#field.value.trim() === prefix) this.#drawSuggestions(found);
  }

  /** @param {Suggestion[]} suggestions */
  #drawSuggestions(suggestions) {
    this.#selected = -1;
    this.#list.replaceChildren(...suggestions.map((one, i) => this.#option(one, i)));
    this.#list.hidden = !suggestions.length;
    this.#field.setAttribute("aria-expanded", String(suggestions.length > 0));
    this.#field.removeAttribute("aria-activedescendant");
  }

  /** @param {Suggestion} suggestion @param {number} i @returns {HTMLElement} */
  #option({ name, papers }, i) {
    const attributes = {
      role: "option",
      id: `tag-${i}`,
      "data-name": name,
      "aria-selected": "false",
      mousedown: () => this.#add(name),
    };
    return h("li", attributes, name, h("span", { class: "soft" }, String(papers)));
  }

  #close() {
    this.#drawSuggestions([]);
  }

  /** @param {number} step */
  #select(step) {
    const options = [...this.#list.children];
    if (!options.length) return;
    this.#selected = (this.#selected + step + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", i === this.#selected));
    this.#field.setAttribute("aria-activedescendant", options[this.#selected].id);
  }

  /** @param {KeyboardEvent} event */
  #onKeydown(event) {
    const option = this.#list.children[this.#selected];
    if (event.key === "ArrowDown") this.#select(1);
    else if (event.key === "ArrowUp") this.#select(-1);
    else if (event.key === "Enter" || event.key === ",")
      this.#add(option?.dataset.name ?? this.#field.value);
    else if (event.key === "Escape" && !this.#list.hidden) this.#close();
    else return;
    event.preventDefault();
  }
}
