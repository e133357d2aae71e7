/** The mark in its states, and the few icons. Built as elements: a `<use>` cannot reach out of a shadow root. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {[string, Record<string, string>]} Shape */

const CLIP_INSIDE = "M5.4 13V6.1a2.9 2.9 0 0 1 5.8 0v3a1.9 1.9 0 0 1-3.8 0V6.6";

/** @type {Record<string, Shape[]>} */
const SHAPES = {
  clip: [["path", { fill: "none", stroke: "currentColor", "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round", d: "M4.4 14.7V5.3a3.9 3.9 0 0 1 7.8 0v3.6a2.6 2.6 0 0 1-5.2 0V5.8" }]],
  "clip-saving": [
    ["path", { fill: "none", stroke: "currentColor", "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round", opacity: ".28", d: "M4.4 14.7V5.3a3.9 3.9 0 0 1 7.8 0v3.6a2.6 2.6 0 0 1-5.2 0V5.8" }],
    ["path", { class: "draw", fill: "none", stroke: "currentColor", "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round", pathLength: "1", "stroke-dasharray": ".62 1", d: "M4.4 14.7V5.3a3.9 3.9 0 0 1 7.8 0v3.6a2.6 2.6 0 0 1-5.2 0V5.8" }],
  ],
  "clip-queued": [
    ["path", { fill: "none", stroke: "currentColor", "stroke-width": "1.3", "stroke-dasharray": "1.9 1.25", d: "M2.1 1.3h11.8v13.4H2.1z" }],
    ["path", { fill: "none", stroke: "currentColor", "stroke-width": "1.5", "stroke-linecap": "round", d: "M5.4 13V6.1a2.9 2.9 0 0 1 5.8 0v3a1.9 1.9 0 0 1-3.8 0V6.6" }],
  ],
  "clip-failed": [
    ["path", { fill: "none", stroke: "currentColor", "stroke-width": "1.4", "stroke-linejoin": "round", d: "M9.3 1.4H2.2v13.2h11.6V5.8M9.3 1.4l4.5 4.4" }],
    ["path", { fill: "none", stroke: "currentColor", "stroke-width": "1.9", "stroke-linecap": "round", d: "M8 6v3M8 11.9v.1" }],
  ],
  star: [["path", { fill: "none", stroke: "currentColor", "stroke-width": "1.3", "stroke-linejoin": "round", d: "M8 1.8l1.9 4 4.4.6-3.2 3 .8 4.4L8 11.7l-3.9 2.1.8-4.4-3.2-3 4.4-.6z" }]],
  "star-on": [["path", { fill: "currentColor", d: "M8 1.2l2.1 4.4 4.8.7-3.5 3.3.9 4.8L8 12.1l-4.3 2.3.9-4.8L1.1 6.3l4.8-.7z" }]],
  x: [["path", { fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", d: "M3 3l10 10M13 3L3 13" }]],
  unread: [["circle", { cx: "8", cy: "8", r: "6", fill: "none", stroke: "currentColor", "stroke-width": "2" }]],
  reading: [
    ["circle", { cx: "8", cy: "8", r: "6", fill: "none", stroke: "currentColor", "stroke-width": "2" }],
    ["path", { fill: "currentColor", d: "M8 2a6 6 0 0 1 0 12z" }],
  ],
  read: [["circle", { cx: "8", cy: "8", r: "7", fill: "currentColor" }]],
  check: [["path", { fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", d: "M2.5 8.5l3.6 3.6 7.4-8" }]],
  alert: [
    ["path", { fill: "none", stroke: "currentColor", "stroke-width": "1.5", "stroke-linejoin": "round", d: "M8 1.8l6.6 12H1.4z" }],
    ["path", { stroke: "currentColor", "stroke-width": "1.7", "stroke-linecap": "round", d: "M8 6.3v3.2M8 11.7v.1" }],
  ],
  clock: [
    ["circle", { cx: "8", cy: "8", r: "6.3", fill: "none", stroke: "currentColor", "stroke-width": "1.5" }],
    ["path", { fill: "none", stroke: "currentColor", "stroke-width": "1.5", "stroke-linecap": "round", d: "M8 4.3V8l2.5 1.7" }],
  ],
};

/** @param {string} tag @param {Record<string, string>} attributes @returns {SVGElement} */
function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** The sheet with the clip cut out of it; the mask's name must differ in one tree. @returns {SVGElement[]} */
function savedMark() {
  const id = `cut-${crypto.randomUUID()}`;
  const mask = shape("mask", { id, maskUnits: "userSpaceOnUse", x: "0", y: "0", width: "16", height: "16" });
  mask.append(
    shape("path", { fill: "#fff", d: "M0 0h16v16H0z" }),
    shape("path", { fill: "none", stroke: "#000", "stroke-width": "1.5", "stroke-linecap": "round", d: CLIP_INSIDE }),
  );
  return [mask, shape("path", { fill: "currentColor", mask: `url(#${id})`, d: "M1.5.7h13v14.6h-13z" })];
}

/** @param {string} name @returns {SVGElement} hidden from screen readers: a word always stands beside it */
export function icon(name) {
  const svg = shape("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  svg.append(...(name === "clip-saved" ? savedMark() : SHAPES[name].map(([tag, attributes]) => shape(tag, attributes))));
  return svg;
}
