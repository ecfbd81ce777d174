/** A graph as a picture of its own: boxes in layers, edges that go around them. */

import { ConfigError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { LiftedAll, LooseAll } from "../transforms/tree.ts";
import type { Shape } from "../types/shape.ts";
import { boxText, isOrdered, type BoxText } from "./label.ts";
import { layersOf, type Item, type Link } from "./layout/layers.ts";
import { placeLayers, type Band } from "./layout/place.ts";
import { pictureOf, type Part } from "./picture.ts";
import type { DrawOptions } from "./subject.ts";
import { statementsOf } from "./text.ts";

/** More boxes than this are no picture any more. */
const MOST_PARTS = 1000;

const MARGIN = 12;
const TITLE = { size: 13, line: 17, advance: 7.9 };
const DETAIL = { size: 11, line: 15, advance: 6.7 };
const PADDING = { x: 10, y: 6 };
const ARROW = 6;
/** Ports closer than this bear no number. */
const NUMBERED = 14;

const colors = {
  input: { fill: "#dbeafe", stroke: "#3b82f6", extra: "" },
  constant: { fill: "#f1f5f9", stroke: "#94a3b8", extra: ' stroke-dasharray="4 3"' },
  op: { fill: "#ffffff", stroke: "#64748b", extra: "" },
  result: { fill: "#dcfce7", stroke: "#16a34a", extra: "" },
} as const;
const INK = { title: "#0f172a", detail: "#64748b", number: "#1d4ed8", cotangent: "#b91c1c" };
const EDGE = "#7c8798";
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Text as XML may hold it; characters that XML forbids are replaced. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Short numbers, so that the file stays small and the same everywhere. */
function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function longest(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, line.length), 0);
}

function sizeOf(text: BoxText, ports: number): { width: number; height: number } {
  const small = [...text.details, ...text.numbers, ...text.cotangent];
  const width = Math.max(text.title.length * TITLE.advance, longest(small) * DETAIL.advance);
  return {
    width: Math.max(width + 2 * PADDING.x, 36, Math.min(ports * NUMBERED + NUMBERED, 480)),
    height: TITLE.line + small.length * DETAIL.line + 2 * PADDING.y,
  };
}

function boxOf(part: Part, text: BoxText, item: Item, tooltip: string): string {
  const { fill, stroke, extra } = colors[part.result === null ? part.kind : "result"];
  const [x, y] = [item.x - item.width / 2, item.y - item.height / 2];
  const radius = part.kind === "op" ? 8 : 2;
  let baseline = y + PADDING.y + TITLE.size;
  const lines = [
    `<text x="${at(item.x)}" y="${at(baseline)}" font-size="${TITLE.size}" font-weight="600" fill="${INK.title}">${escape(text.title)}</text>`,
  ];
  const put = (line: string, x: number, ink: string, anchor: string): void => {
    baseline += DETAIL.line;
    lines.push(
      `<text x="${at(x)}" y="${at(baseline)}" font-size="${DETAIL.size}" fill="${ink}"${anchor}>${escape(line)}</text>`,
    );
  };
  for (const line of text.details) put(line, item.x, INK.detail, "");
  for (const [ink, block] of [
    [INK.number, text.numbers],
    [INK.cotangent, text.cotangent],
  ] as const) {
    // Rows of a matrix begin under each other; XML would swallow the spaces that do this in a text.
    const left = item.x - (longest(block) * DETAIL.advance) / 2;
    for (const line of block) {
      const indent = line.length - line.trimStart().length;
      put(line.trimStart().replaceAll(" ", "\u00a0"), left + indent * DETAIL.advance, ink, ' text-anchor="start"');
    }
  }
  const rect = `<rect x="${at(x)}" y="${at(y)}" width="${at(item.width)}" height="${at(item.height)}" rx="${radius}" fill="${fill}" stroke="${stroke}"${part.result === null ? "" : ' stroke-width="2"'}${extra}/>`;
  return `<g><title>${escape(tooltip)}</title>${rect}${lines.join("")}</g>`;
}

/** The way by which an edge leaves an item: at the bottom of a box, then straight down to the end of its layer. */
function departure(from: Item, bands: readonly Band[]): string {
  const end = bands[from.layer]!.bottom;
  return `M${at(from.x)} ${at(from.box < 0 ? end : from.y + from.height / 2)}V${at(end)}`;
}

/** A curve through the gap between two layers, where no boxes are. */
function curve({ from, to, port }: Link, bands: readonly Band[]): string {
  const [x, arrival] = [from.x, to.x + port];
  const end = bands[to.layer]!.top;
  const middle = (bands[from.layer]!.bottom + end) / 2;
  return `C${at(x)} ${at(middle)} ${at(arrival)} ${at(middle)} ${at(arrival)} ${at(end)}`;
}

const toBend = ({ operand }: Link): boolean => operand < 0;

/** The way that the long edges of a box go together, bend by bend; nothing where it has none. */
function trunk(box: Item, bands: readonly Band[]): string[] {
  let piece = box.downs.find(toBend);
  if (piece === undefined) return [];
  const steps = [departure(box, bands)];
  for (; piece !== undefined; piece = piece.to.downs.find(toBend))
    steps.push(curve(piece, bands), `V${at(bands[piece.to.layer]!.bottom)}`);
  return [`<path d="${steps.join("")}"/>`];
}

/** The last piece of an edge, with its head and its number. */
function arrow(piece: Link, bands: readonly Band[], numbered: boolean): string {
  const { from, to, operand, port } = piece;
  const [x, tip] = [to.x + port, to.y - to.height / 2];
  const head = `<path d="M${at(x)} ${at(tip)}l${-ARROW / 2} ${-ARROW}h${ARROW}z" fill="${EDGE}"/>`;
  const label = numbered
    ? `<text x="${at(x + 4)}" y="${at(tip - 4)}" font-size="9" text-anchor="start" stroke="none" fill="${EDGE}">${operand}</text>`
    : "";
  return `<path d="${departure(from, bands)}${curve(piece, bands)}V${at(tip - ARROW / 2)}"/>${head}${label}`;
}

function draw(title: string, parts: readonly Part[], tooltips: readonly string[]): string {
  const texts = parts.map(boxText);
  const layers = layersOf(parts.map(({ inputs }, k) => ({ ...sizeOf(texts[k]!, inputs.length), inputs })));
  const { width, height, bands } = placeLayers(layers);
  const boxes = layers
    .flat()
    .filter(({ box }) => box >= 0)
    .sort((a, b) => a.box - b.box);
  const arrows = boxes.flatMap(({ box, width, ups }) => {
    const numbered = isOrdered(parts[box]!) && width / (ups.length + 1) >= NUMBERED;
    return ups.map((piece) => arrow(piece, bands, numbered));
  });
  const [w, h] = [Math.ceil(width) + 2 * MARGIN, Math.ceil(height) + 2 * MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${-MARGIN} ${-MARGIN} ${w} ${h}" role="img" font-family="${FONT}" text-anchor="middle">`,
    `<title>${escape(title === "" ? "graph" : `graph of ${title}`)}</title>`,
    `<g fill="none" stroke="${EDGE}" stroke-width="1.2">`,
    ...boxes.flatMap((item) => trunk(item, bands)),
    ...arrows,
    "</g>",
    ...boxes.map((item) => boxOf(parts[item.box]!, texts[item.box]!, item, tooltips[item.box]!)),
    "</svg>",
    "",
  ].join("\n");
}

/**
 * The graph of a function as a self-contained SVG, readable on light and on dark pages. Arguments are blue, constants
 * dashed, the result green; numbers are blue, cotangents red; edges are numbered where the order of the operands
 * matters.
 *
 * @param f - gives a tensor, or a tree of them
 * @param args - its arguments, as for {@link toText}
 * @param options - `values`, `cotangents`, `names`
 * @returns the text of an SVG file
 * @throws ConfigError for a graph of more than 1000 boxes; GraphError (`NON_SCALAR`) for the cotangents of a result
 * that is no scalar
 *
 * @example
 * toSvg((x: Tensor<[]>) => exp(x), [1]).split("<rect").length // => 3
 */
export function toSvg<const A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>>(
  f: (...args: P) => unknown,
  args: A & NoInfer<Readonly<LooseAll<P>>>,
  options?: DrawOptions,
): string;
/**
 * The graph behind a recorded tensor as a self-contained SVG.
 *
 * @throws GraphError: `NOT_RECORDED` where there is no graph, `GRAPH_FREED` after `backward`
 */
export function toSvg<S extends Shape>(x: Tensor<S>, options?: DrawOptions): string;
export function toSvg(what: unknown, ...rest: readonly unknown[]): string {
  const picture = pictureOf("toSvg", what, ...rest);
  if (picture.parts.length > MOST_PARTS) {
    throw new ConfigError({
      op: "toSvg",
      problem: `the graph has ${picture.parts.length} nodes, more than the ${MOST_PARTS} that a picture can show`,
      hint: "draw a part of it, such as one step of a loop; toText and toDot take any number",
    });
  }
  const tooltips = statementsOf(picture).map(({ left, type, value, cotangent }) =>
    [left, type, value, cotangent].filter(Boolean).join("  "),
  );
  return draw(picture.title, picture.parts, tooltips);
}
