/** Building elements without ever reading text as HTML: what a page says of a paper is never trusted to be harmless. */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] a function listens to the event of that name; true and false set and leave out
 * @param {(Node | string | null)[]} children
 * @returns {any} the element
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** @param {Element} node @param {string} name @param {unknown} value */
function set(node, name, value) {
  if (typeof value === "function")
    node.addEventListener(name, /** @type {EventListener} */ (value));
  else if (value !== false && value !== null && value !== undefined)
    node.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Shows these in the parent, and leaves it alone where it shows the same: a button replaced under the hand loses the press and the focus.
 * @param {Element} parent
 * @param {Node[]} nodes
 */
export function redraw(parent, ...nodes) {
  const shown = [...parent.childNodes];
  if (shown.length !== nodes.length || nodes.some((node, i) => !node.isEqualNode(shown[i])))
    parent.replaceChildren(...nodes);
}

/** @param {number} count @param {string} one @returns {string} "1 note", "2 notes" */
export const counted = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** @param {string} date ISO @returns {string} in the reader's own way of writing dates */
export const day = (date) =>
  new Date(date).toLocaleDateString(undefined, {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: date.length === 10 ? "UTC" : undefined,
  });
