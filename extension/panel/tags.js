/** Tags as chips, and a field that offers the library's own. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { reason, request } from "../messages.js";

/** @param {string} key @returns {import("./editor.js").Part} */
export function createTags(key) {
  const field = h("input", {
    class: "tag-in",
    id: "tag",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "tag-list",
    "aria-autocomplete": "list",
    autocomplete: "off",
    maxlength: "100",
    input: offer,
    keydown: steer,
    blur: leave,
  });
  const list = h("ul", {
    class: "sug",
    id: "tag-list",
    role: "listbox",
    "aria-label": "Tags of your library",
    hidden: true,
  });
  const chips = h("div", { class: "tag-edit" }, field);
  const told = h("p", { class: "small stop", role: "alert", hidden: true });
  const root = h(
    "div",
    { class: "pop-row" },
    h("label", { class: "label", for: "tag" }, "Tags"),
    chips,
    list,
    told,
  );
  let at = -1;

  /** @param {string} tag */
  function add(tag) {
    close();
    field.value = "";
    const name = tag.trim().replace(/^#/, "");
    told.hidden = true;
    if (name) request({ type: "tag", key, tag: name }).catch((error) => giveBack(name, error));
  }

  /** What was not kept stands in the field again. @param {string} name @param {unknown} error */
  function giveBack(name, error) {
    field.value ||= name;
    told.textContent = `Not kept: ${reason(error)}.`;
    told.hidden = false;
  }

  async function offer() {
    const prefix = field.value.trim();
    const found = prefix ? await request({ type: "suggest", prefix }).catch(() => []) : [];
    if (field.value.trim() === prefix) draw(found);
  }

  /** @param {{ name: string, papers: number }[]} found */
  function draw(found) {
    at = -1;
    list.replaceChildren(
      ...found.map(({ name, papers }, i) =>
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
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
    field.removeAttribute("aria-activedescendant");
  }

  function close() {
    draw([]);
  }

  function leave() {
    add(field.value);
  }

  /** @param {number} step */
  function move(step) {
    const options = [...list.children];
    if (!options.length) return;
    at = (at + step + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    field.setAttribute("aria-activedescendant", options[at].id);
  }

  /** @param {KeyboardEvent} event */
  function steer(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp")
      move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" || event.key === ",")
      add(list.children[at]?.dataset.name ?? field.value);
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
          class: "chip-off",
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
