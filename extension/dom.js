/** Builds elements without parsing HTML, because text from web pages is untrusted. */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] functions are added as listeners for the event of
 *   that name; `true` sets an empty attribute; `false`, `null` and `undefined` are skipped
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
 * Replaces the parent's children unless they are already equal, because replacing a button discards
 * its focus and interrupts a click.
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

/** @param {string} date ISO 8601 @returns {string} formatted in the browser's locale */
export const day = (date) =>
  new Date(date).toLocaleDateString(undefined, {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: date.length === 10 ? "UTC" : undefined,
  });
