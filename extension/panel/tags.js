/** Tags as chips, and a field that offers the library's own. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { errorText, request } from "../messages.js";

/** @param {string} key @returns {import("./editor.js").EditorPart} */
export function createTags(key) {
  const field = h("input", {
    class: "tag-input",
    id: "tag",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "tag-list",
    "aria-autocomplete": "list",
    autocomplete: "off",
    maxlength: "100",
    input: suggest,
    keydown: onKeydown,
    blur: onBlur,
  });
  const list = h("ul", {
    class: "tag-suggestions",
    id: "tag-list",
    role: "listbox",
    "aria-label": "Tags of your library",
    hidden: true,
  });
  const chips = h("div", { class: "tag-row" }, field);
  const problem = h("p", { class: "small stop", role: "alert", hidden: true });
  const root = h(
    "div",
    { class: "editor-row" },
    h("label", { class: "label", for: "tag" }, "Tags"),
    chips,
    list,
    problem,
  );
  let selected = -1;

  /** @param {string} tag */
  function add(tag) {
    close();
    field.value = "";
    const name = tag.trim().replace(/^#/, "");
    problem.hidden = true;
    if (name) request({ type: "tag", key, tag: name }).catch((error) => restoreInput(name, error));
  }

  /** What was not kept stands in the field again. @param {string} name @param {unknown} error */
  function restoreInput(name, error) {
    field.value ||= name;
    problem.textContent = `Not kept: ${errorText(error)}.`;
    problem.hidden = false;
  }

  async function suggest() {
    const prefix = field.value.trim();
    const suggestions = prefix
      ? await request({ type: "suggest-tags", prefix }).catch(() => [])
      : [];
    if (field.value.trim() === prefix) draw(suggestions);
  }

  /** @param {{ name: string, papers: number }[]} suggestions */
  function draw(suggestions) {
    selected = -1;
    list.replaceChildren(
      ...suggestions.map(({ name, papers }, i) =>
        h(
          "li",
          {
            role: "option",
            id: `tag-${i}`,
            "data-name": name,
            "aria-selected": "false",
            mousedown: () => add(name),
          },
          name,
          h("span", { class: "soft" }, String(papers)),
        ),
      ),
    );
    list.hidden = !suggestions.length;
    field.setAttribute("aria-expanded", String(suggestions.length > 0));
    field.removeAttribute("aria-activedescendant");
  }

  function close() {
    draw([]);
  }

  function onBlur() {
    add(field.value);
  }

  /** @param {number} step */
  function move(step) {
    const options = [...list.children];
    if (!options.length) return;
    selected = (selected + step + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === selected)));
    field.setAttribute("aria-activedescendant", options[selected].id);
  }

  /** @param {KeyboardEvent} event */
  function onKeydown(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp")
      move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" || event.key === ",")
      add(list.children[selected]?.dataset.name ?? field.value);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  }

  /** @param {string} tag */
  const chip = (tag) =>
    h(
      "span",
      { class: "chip", "data-tag": tag },
      h("span", {}, tag),
      h(
        "button",
        {
          class: "chip-remove",
          type: "button",
          "aria-label": `Remove tag ${tag}`,
          click: () => request({ type: "untag", key, tag }),
        },
        icon("x"),
      ),
    );

  return {
    root,
    show: ({ tags }) => {
      chips.querySelectorAll(".chip").forEach((/** @type {Element} */ old) => old.remove());
      field.before(...tags.map(chip));
    },
  };
}
