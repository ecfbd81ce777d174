/**
 * Columns of units drawn as SVG, with badges that lead to rows: side by side where there is room, one below the other
 * on a phone.
 */

import type { Badge, Block } from "../document.ts";
import { marks } from "../status.ts";
import { columnsOf } from "../width.ts";
import { escapeHtml } from "./mathml.ts";

type Drawing = Extract<Block, { readonly kind: "drawing" }>;
type Spot = readonly [x: number, y: number];

/** Longer columns show the first and the last of their units. */
const SHOWN = 6;
const STEP = 44;
const RADIUS = 13;
const BADGE = 24;

/**
 * Returns where units stand along their column, from its middle; `null` is the gap between the first and the last ones.
 */
const spotsOf = (units: number): readonly (number | null)[] => {
  const count = Math.min(units, SHOWN);
  return Array.from({ length: count }, (_, k) =>
    units > SHOWN && k === SHOWN - 2 ? null : (k - (count - 1) / 2) * STEP,
  );
};

const widthOf = (text: string): number => columnsOf(text) * 8.4 + 22;

const textOf = ({ label, status }: Badge): string => `${label} ${marks[status]}`;

/** A pill with a link: the equation, what it gives, its mark. */
function pill(badge: Badge, [x, y]: Spot): string {
  const width = widthOf(textOf(badge));
  return (
    `<a href="#${badge.key}" class="badge ${badge.status}"><title>${escapeHtml(badge.says)}</title>` +
    `<rect x="${x - width / 2}" y="${y - BADGE / 2}" width="${width}" height="${BADGE}" rx="${BADGE / 2}"/>` +
    `<text x="${x}" y="${y + 5}" text-anchor="middle">${escapeHtml(textOf(badge))}</text></a>`
  );
}

/** How columns are laid out: where the units of one stand, where its badges do, how errors flow back. */
interface Layout {
  readonly name: "wide" | "tall";
  readonly width: number;
  readonly height: number;
  /** The place of a unit by its distance from the middle of its column. */
  readonly unit: (column: number, along: number) => Spot;
  readonly edge: (column: number, from: number, to: number) => string;
  readonly title: (column: number) => Spot;
  readonly badges: string;
  readonly flow: (column: number) => string;
}

function wideLayout({ columns, badges }: Drawing): Layout {
  const gap = Math.max(190, Math.min(280, 760 / (columns.length - 1)));
  const half = (STEP * (Math.min(SHOWN, Math.max(...columns.map(({ units }) => units))) - 1)) / 2;
  const middle = 122 + half;
  const bottom = middle + half + 48;
  const x = (column: number): number => 95 + column * gap;
  const spots: Readonly<Record<Badge["spot"], (column: number) => Spot>> = {
    error: (column) => [x(column), 34],
    between: (column) => [x(column) - gap / 2, middle - half - 14],
    under: (column) => [x(column), bottom],
    last: (column) => [x(column), bottom + 34],
    step: (column) => [x(column) - gap / 2, bottom],
  };
  return {
    name: "wide",
    width: gap * (columns.length - 1) + 190,
    height: bottom + (badges.some(({ spot }) => spot === "last") ? 56 : 22),
    unit: (column, along) => [x(column), middle + along],
    edge: (column, from, to) => `M${x(column - 1) + RADIUS} ${middle + from}L${x(column) - RADIUS} ${middle + to}`,
    title: (column) => [x(column), 62],
    badges: badges.map((badge) => pill(badge, spots[badge.spot](badge.column))).join(""),
    flow: (column) => `M${x(column) - 66} 34L${x(column - 1) + 66} 34`,
  };
}

/** As wide as a phone, so that letters keep their size. */
const PHONE = 340;

function tallLayout({ columns, badges }: Drawing): Layout {
  const middle = PHONE / 2;
  const line = 150;
  const y = (column: number): number => 24 + column * line;
  /** Badges side by side around a middle. */
  const beside = (group: readonly Badge[], at: number): string => {
    let left = middle - group.reduce((sum, badge) => sum + widthOf(textOf(badge)) + 8, -8) / 2;
    return group
      .map((badge) => {
        const width = widthOf(textOf(badge));
        left += width + 8;
        return pill(badge, [left - 8 - width / 2, at]);
      })
      .join("");
  };
  const placed = columns.map((_, column) => {
    const own = badges.filter((badge) => badge.column === column);
    const between = own.filter(({ spot }) => spot === "between" || spot === "step");
    return (
      beside(between, y(column) - 62) +
      beside(
        own.filter((badge) => !between.includes(badge)),
        y(column) + 38,
      )
    );
  });
  return {
    name: "tall",
    width: PHONE,
    height: y(columns.length - 1) + 60,
    unit: (column, along) => [middle + along, y(column)],
    edge: (column, from, to) => `M${middle + from} ${y(column - 1) + RADIUS}L${middle + to} ${y(column) - RADIUS}`,
    title: (column) => [16, y(column) + 5],
    badges: placed.join(""),
    flow: (column) => `M${PHONE - 14} ${y(column) - 10}L${PHONE - 14} ${y(column - 1) + 10}`,
  };
}

function drawn({ says, columns }: Drawing, layout: Layout): string {
  const edges = columns.slice(1).map(({ units }, k) => {
    const [from, to] = [spotsOf(columns[k]!.units), spotsOf(units)];
    const lines = from.flatMap((a) => to.map((b) => (a === null || b === null ? "" : layout.edge(k + 1, a, b))));
    return `<path class="edge" d="${lines.join("")}"/>`;
  });
  const circles = columns.map(({ units }, column) => {
    const spots = spotsOf(units);
    const each = spots.map((along, k) => {
      const [x, y] = layout.unit(column, along ?? spots[k - 1]! + STEP);
      if (along !== null)
        return `<circle cx="${x}" cy="${y}" r="${RADIUS}" class="${column === 0 ? "input" : "unit"}"/>`;
      // The last but one place of a long column says how many there are.
      return `<text class="gap" x="${x}" y="${y + 6}" text-anchor="middle">${layout.name === "wide" ? "⋮" : "⋯"}</text><text class="count" x="${x + (layout.name === "wide" ? RADIUS + 5 : 0)}" y="${y + (layout.name === "wide" ? 4 : -9)}" text-anchor="${layout.name === "wide" ? "start" : "middle"}">${units}</text>`;
    });
    return each.join("");
  });
  const titles = columns.map(({ name }, column) => {
    const [x, y] = layout.title(column);
    return `<text class="layer" x="${x}" y="${y}" text-anchor="middle">${escapeHtml(name)}</text>`;
  });
  // Errors travel from the outputs down.
  const flows = columns.map((_, column) =>
    column < 2 ? "" : `<path class="flow" marker-end="url(#head-${layout.name})" d="${layout.flow(column)}"/>`,
  );
  return (
    `<svg class="graph ${layout.name}" viewBox="0 0 ${layout.width} ${layout.height}" style="max-width:${layout.width}px" role="group" aria-label="${escapeHtml(says)}">` +
    `<defs><marker id="head-${layout.name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" class="head"/></marker></defs>` +
    `${edges.join("")}${circles.join("")}${titles.join("")}${flows.join("")}${layout.badges}</svg>`
  );
}

/** More columns than this do not fit a page side by side. */
const MOST = 5;

/** Both drawings; the page shows the one that fits. */
export const drawingHtml = (drawing: Drawing): string => {
  const tall = drawn(drawing, tallLayout(drawing));
  return drawing.columns.length > MOST
    ? tall.replace("graph tall", "graph alone")
    : drawn(drawing, wideLayout(drawing)) + tall;
};
