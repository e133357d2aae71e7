/**
 * The icons, including a clip icon for each state. They are built as elements because `<use>`
 * cannot reference symbols outside a shadow root.
 */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {[string, Record<string, string>]} Shape */

const CLIP_INSIDE = "M5.4 13V6.1a2.9 2.9 0 0 1 5.8 0v3a1.9 1.9 0 0 1-3.8 0V6.6";

const CLIP = "M4.4 14.7V5.3a3.9 3.9 0 0 1 7.8 0v3.6a2.6 2.6 0 0 1-5.2 0V5.8";

/**
 * @param {string} d
 * @param {string} width
 * @param {Record<string, string>} [more]
 * @returns {Shape}
 */
const line = (d, width, more = {}) => [
  "path",
  {
    d,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": width,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    ...more,
  },
];

/** @param {string} d @returns {Shape} */
const solid = (d) => ["path", { d, fill: "currentColor" }];

/** @param {string} r @param {Record<string, string>} more @returns {Shape} */
const disc = (r, more) => ["circle", { cx: "8", cy: "8", r, ...more }];

const RING = { fill: "none", stroke: "currentColor", "stroke-width": "2" };

/** @type {Record<string, Shape[]>} */
const SHAPES = {
  clip: [line(CLIP, "1.6")],
  "clip-saving": [
    line(CLIP, "1.6", { opacity: ".28" }),
    line(CLIP, "1.6", { class: "draw", pathLength: "1", "stroke-dasharray": ".62 1" }),
  ],
  "clip-queued": [
    line("M2.1 1.3h11.8v13.4H2.1z", "1.3", {
      "stroke-dasharray": "1.9 1.25",
      "stroke-linecap": "butt",
    }),
    line(CLIP_INSIDE, "1.5"),
  ],
  "clip-failed": [
    line("M9.3 1.4H2.2v13.2h11.6V5.8M9.3 1.4l4.5 4.4", "1.4", { "stroke-linecap": "butt" }),
    line("M8 6v3M8 11.9v.1", "1.9"),
  ],
  star: [line("M8 1.8l1.9 4 4.4.6-3.2 3 .8 4.4L8 11.7l-3.9 2.1.8-4.4-3.2-3 4.4-.6z", "1.3")],
  "star-on": [solid("M8 1.2l2.1 4.4 4.8.7-3.5 3.3.9 4.8L8 12.1l-4.3 2.3.9-4.8L1.1 6.3l4.8-.7z")],
  x: [line("M3 3l10 10M13 3L3 13", "2")],
  unread: [disc("6", RING)],
  reading: [disc("6", RING), solid("M8 2a6 6 0 0 1 0 12z")],
  read: [disc("7", { fill: "currentColor" })],
  check: [line("M2.5 8.5l3.6 3.6 7.4-8", "2")],
  alert: [line("M8 1.8l6.6 12H1.4z", "1.5"), line("M8 6.3v3.2M8 11.7v.1", "1.7")],
};

/** @param {string} tag @param {Record<string, string>} attributes @returns {SVGElement} */
function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/**
 * Draws a sheet with the clip cut out. The mask needs an id that is unique within its tree.
 * @returns {SVGElement[]}
 */
function savedMark() {
  const id = `cut-${crypto.randomUUID()}`;
  const mask = shape("mask", {
    id,
    maskUnits: "userSpaceOnUse",
    x: "0",
    y: "0",
    width: "16",
    height: "16",
  });
  mask.append(
    shape("path", { fill: "#fff", d: "M0 0h16v16H0z" }),
    shape("path", {
      fill: "none",
      stroke: "#000",
      "stroke-width": "1.5",
      "stroke-linecap": "round",
      d: CLIP_INSIDE,
    }),
  );
  return [
    mask,
    shape("path", { fill: "currentColor", mask: `url(#${id})`, d: "M1.5.7h13v14.6h-13z" }),
  ];
}

/**
 * @param {string} name
 * @returns {SVGElement} hidden from screen readers, because icons always accompany a text or label
 */
export function icon(name) {
  const svg = shape("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  svg.append(
    ...(name === "clip-saved"
      ? savedMark()
      : SHAPES[name].map(([tag, attributes]) => shape(tag, attributes))),
  );
  return svg;
}
