/** Rules that need no family: functions of one number, products with another named value, sums over broadcast axes, means subtracted. */

import { indexOf, largest, map, positionOf, sameShape, stridesOf, transposed, type Numbers } from "../../bounds/numbers.ts";
import type { Kind } from "../../report.ts";
import { agrees, multiple, type Guess, type Path } from "./path.ts";

type Entry = readonly [id: string, kind: Kind, yours: string, en: string, zh: string, f: (x: number, y: number) => number];

interface Elementwise {
  readonly rule: string;
  readonly value: (x: number) => number;
  readonly slope: (x: number, y: number) => number;
  readonly wrong: readonly Entry[];
}

const squareForgotten: Entry = ["B9", "missing", "g (1 − y)", "1 − y stands where 1 − y² belongs: the square is forgotten", "该用 1 − y² 的地方用了 1 − y：漏了平方", (_, y) => 1 - y];

const functions: readonly Elementwise[] = [
  {
    rule: "g (1 − y²)", value: Math.tanh, slope: (_, y) => 1 - y * y,
    wrong: [
      squareForgotten,
      ["B9", "other", "g (1 − x²)", "the derivative of tanh is taken at the value before it: 1 − x² for 1 − y²", "tanh 的导数用了激活之前的值：1 − x² 而不是 1 − y²", (x) => 1 - x * x],
      ["B11", "other", "g y (1 − y)", "the derivative of the sigmoid stands where that of tanh belongs", "该用 tanh 的导数的地方用了 sigmoid 的", (_, y) => y * (1 - y)],
    ],
  },
  {
    rule: "g y (1 − y)", value: (x) => 1 / (1 + Math.exp(-x)), slope: (_, y) => y * (1 - y),
    wrong: [
      ["B9", "missing", "g (1 − y)", "the factor y of y(1 − y) is forgotten", "y(1 − y) 漏了因子 y", (_, y) => 1 - y],
      ["A9", "other", "g x (1 − x)", "x(1 − x) is taken at the value before the sigmoid", "x(1 − x) 用了激活之前的值", (x) => x * (1 - x)],
      ["B11", "other", "g (1 − y²)", "the derivative of tanh stands where that of the sigmoid belongs", "该用 sigmoid 的导数的地方用了 tanh 的", (_, y) => 1 - y * y],
    ],
  },
  { rule: "g y", value: Math.exp, slope: (_, y) => y, wrong: [] },
  {
    rule: "g/x", value: Math.log, slope: (x) => 1 / x,
    wrong: [["B9", "other", "g x", "g is multiplied by x where it must be divided: the derivative of ln x is 1/x", "该除以 x 的地方乘了 x：ln x 的导数是 1/x", (x) => x]],
  },
  {
    rule: "g/(2 y)", value: Math.sqrt, slope: (_, y) => 0.5 / y,
    wrong: [["B9", "constant", "g/y", "the ½ of the root's derivative is forgotten", "漏了平方根导数的 ½", (_, y) => 1 / y]],
  },
  {
    rule: "2 g x", value: (x) => x * x, slope: (x) => 2 * x,
    wrong: [["B9", "constant", "g x", "the 2 of the square's derivative is forgotten", "漏了平方求导的 2", (x) => x]],
  },
  {
    rule: "−g/x²", value: (x) => 1 / x, slope: (_, y) => -y * y,
    wrong: [
      ["B9", "missing", "−g/x", "−1/x stands where −1/x² belongs: a power is forgotten", "该用 −1/x² 的地方用了 −1/x：少了一次幂", (_, y) => -y],
      ["B9", "other", "g ln x", "ln x stands where −1/x² belongs: this integrates instead of differentiating", "该用 −1/x² 的地方用了 ln x：这是积分而不是求导", (x) => Math.log(Math.abs(x))],
    ],
  },
  { rule: "g cos x", value: Math.sin, slope: (x) => Math.cos(x), wrong: [["B14", "sign", "−g cos x", "the sign is turned", "符号反了", (x) => -Math.cos(x)]] },
  { rule: "−g sin x", value: Math.cos, slope: (x) => -Math.sin(x), wrong: [["B14", "sign", "g sin x", "the sign is turned", "符号反了", (x) => Math.sin(x)]] },
  { rule: "g σ(x)", value: (x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0), slope: (x) => 1 / (1 + Math.exp(-x)), wrong: [] },
];

/** 1/√(x + ε), with the ε that the values show. */
function inverseRoot({ x, y }: Path): Elementwise | null {
  const eps = y.data[0]! ** -2 - x.data[0]!;
  if (!(eps >= -1e-12)) return null;
  const near = Math.max(0, eps);
  return {
    rule: "−½ g y³", value: (v) => (v + near) ** -0.5, slope: (_, v) => -0.5 * v ** 3,
    wrong: [
      ["B9", "constant", "−g y³", "the ½ of the root's derivative is forgotten", "漏了平方根导数的 ½", (_, v) => -(v ** 3)],
      ["B9", "other", "−½ g y", "the power stays the same: y stands where y³ belongs", "幂次没有变：该用 y³ 的地方用了 y", (_, v) => -0.5 * v],
      ["B14", "sign", "½ g y³", "the sign is turned", "符号反了", (_, v) => 0.5 * v ** 3],
      ...(near > 0 ? [["F6", "missing", "−½ g x^(−3/2)", "ε is forgotten in the backward", "反向里漏了 ε", (v: number) => -0.5 * v ** -1.5] as const] : []),
    ],
  };
}

/** Mistakes that people make with any function of one number. */
const general = ({ value, slope }: Elementwise): readonly Entry[] => [
  ["B1", "missing", "g", "the derivative of the function is forgotten", "漏了这个函数的导数", () => 1],
  ["B9", "other", "g f(x)", "the value of the function stands where its derivative belongs", "该乘导数的地方乘了函数值", (_, y) => y],
  ["A8", "other", "g f′(f(x))", "the derivative is taken at the value after the function instead of before it", "导数用了函数之后的值，而不是之前的", (_, y) => slope(y, value(y))],
  ["B10", "extra", "g f′(x)²", "the derivative is applied twice", "导数用了两次", (x, y) => slope(x, y) ** 2],
];

function elementwise(path: Path): Guess[] {
  const { x, y, g, correct } = path;
  if (!sameShape(x.shape, y.shape)) return [];
  const at = (f: (x: number, y: number) => number): Numbers => map(g, (v, i) => v * f(x.data[i]!, y.data[i]!));
  const root = inverseRoot(path);
  const found = [...functions, ...(root === null ? [] : [root])].find(({ value, slope }) => agrees(map(x, (v) => value(v)), y) && agrees(at(slope), correct));
  if (found === undefined) return [];
  return [...found.wrong, ...general(found)].map(([id, kind, yours, en, zh, f]) => ({ id, kind, yours, rule: found.rule, says: { en, zh }, value: at(f) }));
}

function product(a: Numbers, b: Numbers): Numbers | null {
  const [n, k] = a.shape as readonly [number, number];
  if (b.shape[0] !== k) return null;
  const m = b.shape[1]!;
  const data = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let l = 0; l < k; l++) for (let j = 0; j < m; j++) data[i * m + j]! += a.data[i * k + l]! * b.data[l * m + j]!;
  return { shape: [n, m], data };
}

const matrix = ({ shape }: Numbers): boolean => shape.length === 2;

/** A way in which a gradient goes back through a product with A: on which side A stands, and what is transposed. */
interface Way {
  readonly left: boolean;
  readonly a: boolean;
  readonly g: boolean;
}

const ways: readonly Way[] = [false, true].flatMap((g) => [false, true].flatMap((left) => [true, false].map((a): Way => ({ left, a, g }))));

const made = ({ left, a, g }: Way, upstream: Numbers, value: Numbers): Numbers | null => {
  const [one, other] = [g ? transposed(upstream) : upstream, a ? transposed(value) : value];
  return left ? product(other, one) : product(one, other);
};

const written = ({ left, a, g }: Way, name: string): string => {
  const [one, other] = [g ? "gᵀ" : "g", a ? `${name}ᵀ` : name];
  return left ? `${other} ${one}` : `${one} ${other}`;
};

const isAttention = ({ data, shape }: Numbers): boolean => {
  const width = shape[1]!;
  return data.every((x) => x >= 0) && Array.from({ length: shape[0]! }, (_, i) => data.subarray(i * width, (i + 1) * width).reduce((sum, x) => sum + x, 0)).every((sum) => Math.abs(sum - 1) < 1e-9);
};

const scaledBy = (c: number, value: Numbers): Numbers => map(value, (x) => c * x);

/** What the mistakes of a product are called: in attention, at parameters, elsewhere. */
const namesOf = (attends: boolean, leaf: boolean): { readonly turned: string; readonly other: string } =>
  attends ? { turned: "H3", other: "H3" } : leaf ? { turned: "D1", other: "D2" } : { turned: "B2", other: "B3" };

/** A product with another named value, c A x or c x A, either of them transposed. */
function matrixProduct({ g, x, correct, named, name, leaf }: Path): Guess[] {
  if (!matrix(g) || !matrix(correct)) return [];
  const matrices = Object.entries(named).filter(([other, value]) => other !== name && matrix(value));
  for (const [a, value] of matrices) {
    for (const way of ways) {
      const right = made(way, g, value);
      const c = right === null ? null : multiple(correct, right);
      if (right === null || c === null) continue;
      const root = [x, value].flatMap(({ shape }) => shape).find((size) => size > 1 && Math.abs(c * Math.sqrt(size) - 1) < 1e-9);
      const { turned, other } = namesOf(root !== undefined || isAttention(value), leaf);
      const factor = Math.abs(c - 1) < 1e-9 ? "" : `${shown(c)} `;
      const rule = `${factor}${written(way, a)}`;
      const guess = (id: string, yours: string, en: string, zh: string, wrong: Numbers | null, kind: Kind = "other"): Guess[] =>
        (wrong !== null && sameShape(wrong.shape, correct.shape) ? [{ id, kind, yours, rule, says: { en, zh }, value: scaledBy(c, wrong) }] : []);
      return [
        ...(factor === "" ? [] : factorGuesses(c, root, written(way, a), rule, right)),
        ...guess(turned, `${factor}${written({ ...way, a: !way.a }, a)}`, `${a} is transposed the wrong way`, `${a} 的转置用反了`, made({ ...way, a: !way.a }, g, value)),
        ...guess(turned, `${factor}${written({ ...way, g: !way.g }, a)}`, "the upstream gradient is transposed the wrong way", "上游梯度的转置用反了", made({ ...way, g: !way.g }, g, value)),
        ...guess(turned, `(${rule})ᵀ`, "the result is transposed", "结果被转置了", transposed(right)),
        ...Object.entries(named).filter(([name_, one]) => name_ !== a && sameShape(one.shape, value.shape))
          .flatMap(([name_, one]) => guess(other, `${factor}${written(way, name_)}`, `${name_} stands where ${a} belongs`, `该用 ${a} 的地方用了 ${name_}`, made(way, g, one))),
        ...(way.left !== way.g ? guess("B19", `${rule} of the last row`, "only the last row of the upstream gradient counts: the sum over the rows is missing", "只算了上游梯度的最后一行：漏了对各行求和", made(way, lastRow(g), value), "missing") : []),
      ];
    }
  }
  return [];
}

const shown = (x: number): string => String(Number(x.toPrecision(6)));

/** A constant in front of a product, left out or applied twice; 1/√d is that of attention. */
function factorGuesses(c: number, root: number | undefined, text: string, rule: string, right: Numbers): Guess[] {
  const twice = { yours: `${shown(c * c)} ${text}`, rule, value: scaledBy(c * c, right) };
  const bare = { yours: text, rule, value: right };
  if (root !== undefined) {
    return [
      { id: "H1", kind: "constant", says: { en: `the 1/√d of the scores is forgotten, d = ${root}`, zh: `漏了分数里的 1/√d，d = ${root}` }, ...bare },
      { id: "H1", kind: "constant", says: { en: "1/d is used instead of 1/√d", zh: "用了 1/d 而不是 1/√d" }, ...twice },
    ];
  }
  return [
    { id: "B13", kind: "constant", says: { en: `the factor ${shown(c)} is forgotten`, zh: `漏了因子 ${shown(c)}` }, ...bare },
    { id: "B13", kind: "constant", says: { en: `the factor ${shown(c)} is applied twice`, zh: `因子 ${shown(c)} 用了两次` }, ...twice },
  ];
}

/** The upstream gradient with its last row alone. */
const lastRow = (g: Numbers): Numbers => map(g, (x, i) => (i >= g.data.length - g.shape[1]! ? x : 0));

/** The numbers repeated to a larger shape; `null` where they do not broadcast. */
function spread({ data, shape }: Numbers, to: readonly number[]): Numbers | null {
  const padded = [...new Array<number>(Math.max(0, to.length - shape.length)).fill(1), ...shape];
  if (padded.length !== to.length || padded.some((size, k) => size !== 1 && size !== to[k])) return null;
  const total = to.reduce((product_, size) => product_ * size, 1);
  const strides = stridesOf(padded);
  return { shape: to, data: Float64Array.from({ length: total }, (_, i) => data[positionOf(i, to).reduce((at, p, k) => at + (padded[k] === 1 ? 0 : p * strides[k]!), 0)]!) };
}

/** Summed back to the shape of what was broadcast. */
function gathered({ data, shape }: Numbers, to: readonly number[], keep: (position: readonly number[]) => boolean = () => true): Numbers | null {
  const padded = [...new Array<number>(Math.max(0, shape.length - to.length)).fill(1), ...to];
  if (padded.length !== shape.length || padded.some((size, k) => size !== 1 && size !== shape[k])) return null;
  const out = new Float64Array(to.reduce((product_, size) => product_ * size, 1));
  data.forEach((x, i) => {
    const position = positionOf(i, shape);
    if (keep(position)) out[indexOf(position.map((p, k) => (padded[k] === 1 ? 0 : p)), padded)]! += x;
  });
  return { shape: to, data: out };
}

/** x, perhaps broadcast, times another value, perhaps broadcast, or plus it: what comes back is c Σ g m. */
function broadcast({ g, x, correct, named, name }: Path): Guess[] {
  const ones: Numbers = { shape: g.shape, data: new Float64Array(g.data.length).fill(1) };
  const factors = [["", ones] as const, ...Object.entries(named).flatMap(([other, value]) => {
    const wide = other === name ? null : spread(value, g.shape);
    return wide === null ? [] : [[other, wide] as const];
  })];
  const times = (m: Numbers, keep?: (position: readonly number[]) => boolean): Numbers | null => gathered(map(g, (v, i) => v * m.data[i]!), x.shape, keep);
  for (const [factor, m] of factors) {
    const made = times(m);
    const c = made === null ? null : multiple(correct, made);
    if (made === null || c === null) continue;
    const sums = made.data.length < g.data.length;
    const [id, sigma, scale] = [sums ? "I3" : "B1", sums ? "Σ " : "", Math.abs(c - 1) < 1e-9 ? "" : `${Number(c.toPrecision(6))} `];
    const rule = `${scale}${sigma}g${factor === "" ? "" : ` ${factor}`}`;
    const guess = (kind: Kind, yours: string, en: string, zh: string, value: Numbers | null, as = id): Guess[] => (value === null ? [] : [{ id: as, kind, yours, rule, says: { en, zh }, value: scaledBy(c, value) }]);
    const axis = g.shape.findIndex((size, k) => size > 1 && ([...new Array<number>(Math.max(0, g.shape.length - x.shape.length)).fill(1), ...x.shape][k] === 1));
    return [
      ...(factor === "" ? [] : guess("missing", `${sigma}g`, `the factor ${factor} is forgotten`, `漏了因子 ${factor}`, times(ones))),
      ...(scale === "" ? [] : [{ id: "B13", kind: "constant" as const, yours: `${sigma}g`, rule, says: { en: `the factor ${scale}is forgotten`, zh: `漏了因子 ${scale}` }, value: made }]),
      ...(sums && axis >= 0 ? [
        ...guess("missing", `the last line of g${factor === "" ? "" : ` ${factor}`}`, "one line of the gradient is taken where all must be summed", "只取了梯度的一行：应当全部相加", times(m, (position) => position[axis] === g.shape[axis]! - 1)),
        ...guess("missing", `the first line of g${factor === "" ? "" : ` ${factor}`}`, "one line of the gradient is taken where all must be summed", "只取了梯度的一行：应当全部相加", times(m, (position) => position[axis] === 0)),
      ] : []),
      ...factors.filter(([other]) => other !== factor && other !== "" && factor !== "").flatMap(([other, wide]) =>
        guess("other", `${sigma}g ${other}`, `${other} stands where ${factor} belongs`, `该用 ${factor} 的地方用了 ${other}`, times(wide), sums ? id : "B9")),
    ];
  }
  return [];
}

/** y = x − mean(x) along an axis, the step that batch normalization begins with. */
function centering({ x, y, g, correct }: Path): Guess[] {
  if (!sameShape(x.shape, y.shape)) return [];
  for (const axis of x.shape.keys()) {
    const size = x.shape[axis]!;
    const reduced = x.shape.map((n, k) => (k === axis ? 1 : n));
    const minus = (value: Numbers, share: number): Numbers => {
      const sums = spread(gathered(value, reduced)!, value.shape)!;
      return map(value, (v, i) => v - share * sums.data[i]!);
    };
    if (!agrees(minus(x, 1 / size), y) || !agrees(minus(g, 1 / size), correct)) continue;
    const rule = "g − mean(g)";
    return [
      { id: "F3", kind: "missing", yours: "g", rule, says: { en: "the path through the mean is forgotten", zh: "漏了经过均值的那条路径" }, value: g },
      { id: "F4", kind: "constant", yours: "g − Σ g", rule, says: { en: "the 1/N of the mean is missing", zh: "漏了均值的 1/N" }, value: minus(g, 1) },
      { id: "F4", kind: "sign", yours: "g + mean(g)", rule, says: { en: "the path through the mean has its sign turned", zh: "经过均值的路径符号反了" }, value: minus(g, -1 / size) },
    ];
  }
  return [];
}

/** The largest along an axis: the gradient goes to it alone. */
function largestOf({ x, y, g, correct }: Path): Guess[] {
  for (const axis of x.shape.keys()) {
    const reduced = x.shape.map((n, k) => (k === axis ? 1 : n));
    if (y.data.length !== reduced.reduce((product_, size) => product_ * size, 1)) continue;
    const [top, upstream] = [spread({ data: y.data, shape: reduced }, x.shape)!, spread({ data: g.data, shape: reduced }, x.shape)!];
    const winners = map(upstream, (v, i) => (x.data[i] === top.data[i] ? v : 0));
    if (!agrees(winners, correct)) continue;
    const rule = "g at the largest entry, 0 elsewhere";
    return [
      { id: "G6", kind: "other", yours: "g at every entry", rule, says: { en: "g is copied to every entry where it belongs to the largest alone", zh: "把 g 复制到每个元素，而它只属于最大的那个" }, value: upstream },
      { id: "G6", kind: "other", yours: "g/n at every entry", rule, says: { en: "g is spread over all entries: this is the mean's rule", zh: "把 g 平摊到所有元素：这是平均的公式" }, value: scaledBy(1 / x.shape[axis]!, upstream) },
    ];
  }
  return [];
}

/** The mistakes of whatever rule the path follows. */
export function ruleGuesses(path: Path): Guess[] {
  if (largest(path.correct.data) === 0) return [];
  for (const rule of [elementwise, centering, matrixProduct, broadcast, largestOf]) {
    const guesses = rule(path);
    if (guesses.length > 0) return guesses;
  }
  return [];
}
