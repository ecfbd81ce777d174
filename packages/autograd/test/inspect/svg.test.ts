/** toSvg: well-formed, one box for each node, no box over another, no edge through a box. */

import { describe, expect, it } from "vitest";
import {
  add,
  concat,
  ConfigError,
  customGradient,
  matmul,
  mul,
  sin,
  stack,
  sum,
  tanh,
  tensor,
  toSvg,
  zeros,
  type Tensor,
} from "@chainrule/autograd";
import { quadratic } from "./functions.ts";

interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
}

/** Reads XML and fails where it is not well-formed. */
function parse(xml: string): Element[] {
  const elements: Element[] = [];
  const open: string[] = [];
  const token = /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let match = token.exec(xml); match !== null; match = token.exec(xml)) {
    end = token.lastIndex;
    const [, closing, name, attributes, empty, text] = match;
    const written = text ?? attributes!;
    expect(written.replace(/&(?:amp|lt|gt|quot);/g, "")).not.toMatch(/&|\p{Cc}(?<!\n)/u);
    if (text !== undefined) continue;
    if (closing === "/") expect(open.pop()).toBe(name);
    else {
      elements.push({
        name: name!,
        attributes: Object.fromEntries(
          [...attributes!.matchAll(/([a-zA-Z-]+)="([^"]*)"/g)].map((pair) => [pair[1]!, pair[2]!] as const),
        ),
      });
      if (empty !== "/") open.push(name!);
    }
  }
  expect(end).toBe(xml.length);
  expect(open).toEqual([]);
  return elements;
}

interface Rect {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxesOf(elements: readonly Element[]): Rect[] {
  return elements
    .filter(({ name }) => name === "rect")
    .map(({ attributes: { x, y, width, height } }) => ({
      left: Number(x),
      right: Number(x) + Number(width),
      top: Number(y),
      bottom: Number(y) + Number(height),
    }));
}

/** Points along the curves of a path made of M, V and C. */
function pointsOf(d: string): [number, number][] {
  const points: [number, number][] = [];
  let [x, y] = [0, 0];
  for (const [, command, list] of d.matchAll(/([MVC])([^MVC]*)/g)) {
    const n = list!.trim().split(" ").map(Number);
    const control =
      command === "M"
        ? [n[0]!, n[1]!, n[0]!, n[1]!, n[0]!, n[1]!]
        : command === "V"
          ? [x, n[0]!, x, n[0]!, x, n[0]!]
          : n;
    const [x1, y1, x2, y2, x3, y3] = control as [number, number, number, number, number, number];
    for (let t = command === "M" ? 1 : 0; t <= 1; t += 1 / 16) {
      const [a, b, c, e] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
      points.push([a * x + b * x1 + c * x2 + e * x3, a * y + b * y1 + c * y2 + e * y3]);
    }
    [x, y] = [x3, y3];
  }
  return points;
}

/** Everything that is promised of a drawing with `count` boxes. */
function check(svg: string, count: number): Element[] {
  const elements = parse(svg);
  const boxes = boxesOf(elements);
  expect(boxes).toHaveLength(count);
  const [left, top, width, height] = elements[0]!.attributes["viewBox"]!.split(" ").map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const sorted = [...boxes].sort((a, b) => a.top - b.top);
  sorted.forEach((a, i) => {
    expect(a.left >= left && a.right <= left + width && a.top >= top && a.bottom <= top + height).toBe(true);
    for (let j = i + 1; j < sorted.length && sorted[j]!.top < a.bottom; j++) {
      const b = sorted[j]!;
      expect(a.right <= b.left || b.right <= a.left, "two boxes overlap").toBe(true);
    }
  });
  for (const { name, attributes } of elements) {
    if (name !== "path" || attributes["fill"] !== undefined) continue;
    for (const [x, y] of pointsOf(attributes["d"]!)) {
      const inside = boxes.some(
        (box) => x > box.left + 0.2 && x < box.right - 0.2 && y > box.top + 0.2 && y < box.bottom - 0.2,
      );
      expect(inside, "an edge runs through a box").toBe(false);
    }
  }
  return elements;
}

const point = [{ w: tensor([[0.5, -1]]), b: tensor([[0.25]]) }, tensor([[1], [2]]), tensor([[1]])] as const;

/** `count` ops, each computed from one pseudorandom earlier node and the last. */
function tangled(count: number): (x: Tensor<[]>) => Tensor {
  return (x) => {
    const all: Tensor[] = [x];
    for (let k = 0; k < count; k++) all.push(add(all[(k * 7919) % all.length]!, all.at(-1)!));
    return all.at(-1)!;
  };
}

describe("The SVG of a graph", () => {
  it("has one box for each node, none over another, and edges that go around them", () => {
    check(toSvg(quadratic, point, { values: true, cotangents: true }), 12);
  });

  it("draws a single node, an argument handed through, and arguments that are not used", () => {
    check(
      toSvg(() => tensor(3), []),
      1,
    );
    check(
      toSvg((a: Tensor<[]>) => a, [1]),
      1,
    );
    check(
      toSvg((a: Tensor<[]>, b: Tensor<[]>, _c: Tensor<[]>) => sin(b), [1, 2, 3]),
      4,
    );
  });

  it("draws wide fans of operands and of uses", () => {
    check(
      toSvg((x: Tensor<[]>) => stack(Array.from({ length: 60 }, (_, k) => mul(x, k))), [1]),
      1 + 60 * 3 + 1,
    );
  });

  it("draws loops with shared parameters, several results and skipping edges", () => {
    const rnn = (p: { w: Tensor; u: Tensor }, xs: Tensor[], h: Tensor): { last: Tensor; all: Tensor } => {
      const states = [h];
      for (const x of xs) states.push(tanh(add(matmul(p.w, states.at(-1)!), matmul(p.u, x))));
      return { last: sum(states.at(-1)!), all: concat(states as never) };
    };
    const xs = Array.from({ length: 6 }, (): Tensor => zeros([2, 1]));
    const svg = toSvg(rnn, [{ w: zeros([3, 3]), u: zeros([3, 2]) }, xs, zeros([3, 1])]);
    check(svg, 2 + 6 + 1 + 6 * 4 + 2);
    expect(svg).toContain("→ last");
    expect(svg).toContain("→ all");
  });

  it("draws tangled graphs", () => {
    for (const count of [5, 20, 80]) check(toSvg(tangled(count), [1]), count + 1);
  });

  it("tells each box's statement in its title", () => {
    expect(toSvg((x: Tensor<[2]>) => sum(x, 0), [tensor([1, 2])], { values: true, cotangents: true })).toContain(
      "<title>%1 = sum(x, axes=[0])  float64 []  = 3  δ = 1</title>",
    );
  });

  it("escapes what is markup and replaces what XML forbids", () => {
    const op = customGradient({ name: '<&"\u0000\ud800>', forward: (x) => x.mul(2), vjp: (g) => g.mul(2) });
    const svg = toSvg((a: Tensor<[]>) => op(a), [1]);
    check(svg, 2);
    expect(svg).toContain("&lt;&amp;&quot;\ufffd\ufffd&gt;");
  });

  it("is the same text every time", () => {
    expect(toSvg(quadratic, point, { values: true })).toBe(toSvg(quadratic, point, { values: true }));
  });

  it("refuses a graph that no page can show, and says what to do", () => {
    const deep = (x: Tensor<[]>): Tensor => {
      let y: Tensor = x;
      for (let k = 0; k < 20_000; k++) y = sin(y);
      return y;
    };
    expect(() => toSvg(deep, [1])).toThrow(ConfigError);
    expect(() => toSvg(deep, [1])).toThrow(/20001 nodes.*toText and toDot/);
  });

  it("takes a recorded tensor", () => {
    const weight = tensor([1, 2], { requiresGrad: true });
    check(toSvg(sum(mul(weight, weight)), { names: { weight }, cotangents: true }), 3);
  });
});
