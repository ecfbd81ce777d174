/**
 * Arrays of the backward pass: the column of a bias becomes a gradient of its own, and mixed layouts become one; what
 * is only another convention stays.
 */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import type { NumberArray } from "./given.ts";
import { matrixOf, weightLayouts, weightsIn, withoutOnes, type WeightLayout } from "./layout.ts";
import type { LayerRole } from "./names.ts";
import type { Placed } from "./numbering.ts";
import { roleText } from "./display.ts";
import { turned } from "./values.ts";

/** How the person's own weights lie, which decides where sizes do not. */
export interface Leaning {
  readonly turned: boolean;
  readonly bias: "first" | "last";
}

export interface Arranged {
  readonly placed: readonly Placed[];
  readonly says: readonly Words[];
  readonly refused: readonly Words[];
  /** The place of a bias column was a choice. */
  readonly split: boolean;
}

const biasRole: Partial<Readonly<Record<LayerRole, LayerRole>>> = { gradW: "gradB", nextW: "nextB", afterW: "afterB" };

/** One way in which an array of the shape of weights may lie; `null` where none fits. */
function chosen(options: readonly WeightLayout[], leaning: Leaning): WeightLayout | null {
  const fitting = options.filter(({ bias }) => bias === null || bias === leaning.bias);
  return fitting.find((one) => one.turned === leaning.turned) ?? fitting[0] ?? null;
}

/** True if arrays of one role lie both ways, so that no convention could speak for all of them. */
function isMixed(options: readonly (readonly WeightLayout[])[]): boolean {
  const sure = options
    .filter((list) => list.length > 0 && list.every((one) => one.turned === list[0]!.turned))
    .map((list) => list[0]!.turned);
  return sure.includes(true) && sure.includes(false);
}

/** Brings the arrays of the backward pass into what the judge reads. */
export function arrange(placed: readonly Placed[], sizes: readonly number[], leaning: Leaning): Arranged {
  const says: Words[] = [];
  const refused: Words[] = [];
  const result: Placed[] = [];
  let split = false;
  const weights = placed.filter(({ role }) => role in biasRole);
  const options = new Map(
    weights.map((one) => [one, weightLayouts(one.value, sizes[one.layer]!, sizes[one.layer - 1]!)]),
  );
  const canonical =
    isMixed([...options.values()]) ||
    [...options.values()].some((list) => list.length > 0 && list.every(({ bias }) => bias !== null));
  if (isMixed([...options.values()])) says.push(intake.gradientsBothWays);
  for (const one of placed) {
    const { role, layer, value } = one;
    const layout = options.has(one) ? chosen(options.get(one)!, leaning) : null;
    if (layout === null || !canonical) {
      result.push(plainer(one, sizes));
      continue;
    }
    const { W, b } = weightsIn(value, layout, sizes[layer]!, sizes[layer - 1]!);
    result.push({ ...one, value: W });
    if (b === null) continue;
    split = true;
    const name = roleText(role, layer);
    const biases = biasRole[role]!;
    const other = placed.find((given) => given.role === biases && given.layer === layer);
    if (other !== undefined) refused.push(intake.biasColumnTwice({ one: one.path, other: other.path }));
    result.push({ role: biases, layer, path: one.path, value: b });
    const line = layout.turned ? intake.row : intake.column;
    says.push(intake.lineOfBias({ which: layout.bias, line, name }));
  }
  return { placed: result, says, refused, split };
}

/** An array of units without axes that say nothing, and without its ones for the bias. */
function plainer(one: Placed, sizes: readonly number[]): Placed {
  const { role, layer, value } = one;
  const matrix = value.shape.length > 2 ? matrixOf(value, sizes[layer]!, sizes[layer - 1] ?? 0) : null;
  const own: NumberArray = matrix ?? value;
  if (role !== "v" || own.shape.length !== 2) return matrix === null ? one : { ...one, value: own };
  const rest =
    withoutOnes(own, sizes[layer]!) ??
    (own.shape[0] === sizes[layer]! + 1 ? withoutOnes(turned(own), sizes[layer]!) : null);
  return rest === null ? (matrix === null ? one : { ...one, value: own }) : { ...one, value: rest };
}
