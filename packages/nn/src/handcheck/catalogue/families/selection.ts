/** Rows and entries that are picked: dropout, and the embedding. */

import { cast, gather, tensor, type Tensor } from "@chainrule/autograd";
import { numberOf, slipsOf, type Family, type Settings, type Slip } from "./family.ts";

const scale = (s: Settings): number => (s.inverted === true ? 1 / (1 - numberOf(s, "p")) : 1);

/** y = x ⊙ mask/(1 − p) */
export const dropout: Family = {
  name: "dropout",
  inputs: [
    { name: "x", differentiable: true, shape: [4, 5] },
    {
      name: "mask", differentiable: false, shape: [4, 5],
      // Both kinds of entries whatever is drawn.
      draw: (random, shape, { settings }) => random.uniformArray(shape[0]! * shape[1]!).map((u, i) => (i === 0 ? 0 : i === 1 ? 1 : u < numberOf(settings, "p") ? 0 : 1)),
    },
  ],
  settings: { p: 0.3, inverted: true },
  variants: [
    { settings: { p: 0.5 }, says: { en: "your p is ½", zh: "你的 p 是 ½" } },
    { settings: { inverted: false }, says: { en: "you scale at test time, not here: a convention", zh: "你在测试时而不是在这里缩放：这是约定" } },
  ],
  forward: ([x, mask], s) => x!.mul(mask!).mul(scale(s)) as Tensor,
  formulas: { x: "g ⊙ mask/(1 − p)" },
  slips: slipsOf("x", [
    ["I1", "missing", "g/(1 − p)", "the mask is not applied in the backward", "反向没有使用掩码", (_, g, s) => (s.inverted === true ? (g.mul(scale(s)) as Tensor) : null)],
    ["I1", "constant", "g ⊙ mask", "the 1/(1 − p) of the forward is missing in the backward", "反向漏了前向的 1/(1 − p)", ([, mask], g, s) => (s.inverted === true ? (g.mul(mask!) as Tensor) : null)],
    ["I1", "missing", "g", "the backward ignores the dropout", "反向忽略了 dropout", (_, g) => g],
    ["I1", "constant", "g ⊙ mask/(1 − p)²", "the 1/(1 − p) is applied twice", "1/(1 − p) 用了两次", ([, mask], g, s) => (s.inverted === true ? (g.mul(mask!).mul(scale(s) ** 2) as Tensor) : null)],
    ["I1", "constant", "g ⊙ mask/p", "1/p stands where 1/(1 − p) belongs", "该用 1/(1 − p) 的地方用了 1/p", ([, mask], g, s) => (numberOf(s, "p") === 0.5 ? null : (g.mul(mask!).div(numberOf(s, "p")) as Tensor))],
    ["I1", "constant", "g ⊙ mask (1 − p)", "the gradient is multiplied by 1 − p where it should be divided", "该除以 1 − p 的地方乘了 1 − p", ([, mask], g, s) => g.mul(mask!).mul(1 - numberOf(s, "p")) as Tensor],
    ["I1", "other", "g ⊙ (1 − mask)/(1 − p)", "the mask is turned: what was dropped gets the gradient", "掩码反了：被丢弃的元素得到了梯度", ([, mask], g, s) => g.sub(g.mul(mask!)).mul(scale(s)) as Tensor],
  ]),
};

/** Rows of g at their ids, put together by `join`. */
const collected = (join: (row: Float64Array, g: Float64Array, times: number) => void): Slip["value"] => ([table, ids], g) => {
  const [width, numbers] = [table!.shape[1]!, Float64Array.from(g.toTypedArray())];
  const out = new Float64Array(table!.shape[0]! * width);
  const seen = new Map<number, number>();
  ids!.toTypedArray().forEach((id, n) => {
    seen.set(id, (seen.get(id) ?? 0) + 1);
    join(out.subarray(id * width, (id + 1) * width), numbers.subarray(n * width, (n + 1) * width), seen.get(id)!);
  });
  return tensor(out, { shape: table!.shape });
};

/** y = C[ids] */
export const embedding: Family = {
  name: "embedding",
  inputs: [
    { name: "table", differentiable: true, shape: [5, 3] },
    {
      name: "ids", differentiable: false, shape: [7],
      // Repeated ids whatever is drawn, one of them three times where there is room.
      draw: (random, shape, { shapes }) => {
        const count = shape.reduce((product, size) => product * size, 1);
        return Float64Array.from({ length: count }, (_, n) => (n < 3 ? 1 % shapes[0]![0]! : random.integer(shapes[0]![0]!)));
      },
    },
  ],
  settings: {},
  variants: [],
  forward: ([table, ids]) => gather(table!, cast(ids!, "int32")),
  formulas: { table: "Σ g of each id at its row: dC[ids] += g" },
  slips: slipsOf("table", [
    ["I2", "missing", "dC[ids] = g", "a repeated id overwrites what was there: the gradients of its occurrences must be added", "重复的索引覆盖了之前的值：各次出现的梯度应当相加", collected((row, g) => row.set(g))],
    ["I2", "missing", "the first g of each id", "only the first occurrence of a repeated id counts: the gradients of all must be added", "重复的索引只算了第一次：各次出现的梯度应当相加", collected((row, g, times) => (times === 1 ? row.set(g) : undefined))],
    ["I2", "constant", "the mean of g of each id", "the gradients of a repeated id are averaged where they must be added", "重复索引的梯度取了平均：应当相加", collected((row, g, times) => row.forEach((x, i) => (row[i] = x + (g[i]! - x) / times)))],
  ]),
};
