/** Everything that was said, in its place: words, arrays by layer, data; what is missing may still be missing. */

import { intake } from "../../locales/intake.ts";
import { alike, listed, type Words } from "../../locales/words.ts";
import { collect, isLayerRole, type Collected, type Item } from "./collect.ts";
import { roleText } from "./display.ts";
import { fits } from "./fits.ts";
import type { GivenRecord, NumberArray } from "./given.ts";
import type { LayerRole } from "./names.ts";
import { sameSamples } from "./layout.ts";
import { countLayers, number, type Placed } from "./numbering.ts";
import { differing } from "./other-numbers.ts";
import { Refusal } from "./refusal.ts";
import { deducedSizes } from "./sizes.ts";
import { readTold, type Told } from "./told.ts";

/**
 * Holds what is known besides: the words of a command line, which count for more than the file's, and what stands in
 * where the file says nothing.
 */
export interface Surroundings {
  readonly command?: GivenRecord;
  readonly otherwise?: GivenRecord;
}

interface Gathered {
  readonly told: Told;
  /** The number of layers; `null` where nothing says it. */
  readonly last: number | null;
  readonly placed: readonly Placed[];
  readonly x: NumberArray | undefined;
  readonly t: NumberArray | undefined;
  /** The sizes that were told, or that everything fits. */
  readonly sizes: readonly (readonly number[])[];
  /** How names and layers were read, where not as they are. */
  readonly says: readonly Words[];
}

/** The array of a role at each layer. */
export function byLayer(placed: readonly Placed[], role: LayerRole, last: number): (NumberArray | undefined)[] {
  return Array.from({ length: last + 1 }, (_, l) =>
    l === 0 ? undefined : placed.find((one) => one.role === role && one.layer === l)?.value,
  );
}

/** Reads named values; throws a `Refusal` that says by name what cannot be used. */
export function gather(values: GivenRecord, surroundings: Surroundings = {}): Gathered {
  const collected = together(values, surroundings);
  const refused: Words[] = [...collected.refused];
  const { items } = collected;
  const last = countLayers(items);
  const told = readTold(collected, last, refused);
  if (refused.length > 0) throw new Refusal(refused);
  const arrays = items.filter(({ role }) => isLayerRole(role));
  if (last === null) return { told, last, placed: [], x: undefined, t: undefined, sizes: [], says: [] };
  const convention = typeof told.convention === "object" ? told.convention : {};
  const { sizes: own } = told;
  const numbered = number(
    arrays,
    last,
    convention.layerBase,
    (role, layer, value) => own === undefined || fits(role, layer, value, own),
  );
  refused.push(...numbered.refused);
  const { placed } = numbered;
  const inputs = placed.filter(({ role, layer }) => (role === "v" || role === "u") && layer === 0);
  const [x, t] = [
    dataOf(items, "x", refused) ?? inputs.find(({ role }) => role === "v")?.value,
    dataOf(items, "t", refused),
  ];
  for (const { path, value } of inputs) {
    if (x === undefined || !sameSamples(value, x)) refused.push(intake.otherInput({ path }));
  }
  if (refused.length > 0) throw new Refusal(refused);
  const shapes = (role: "W" | "gradW" | "nextW", bias: "b" | "gradB" | "nextB"): number[][] =>
    deducedSizes({ W: byLayer(placed, role, last), b: byLayer(placed, bias, last), x, t });
  const sizes =
    own !== undefined
      ? [own]
      : [...shapes("W", "b"), ...shapes("gradW", "gradB"), ...shapes("nextW", "nextB")].slice(0, 3);
  const note =
    own === undefined && sizes[0] !== undefined ? [intake.sizesFromShapes({ sizes: sizes[0].join("-") })] : [];
  return {
    told,
    last,
    placed,
    x,
    t,
    sizes,
    says: [...note, ...namesNote(placed, items), ...numbered.notes, ...collected.says],
  };
}

/** The command's words before the file's, and others only where the file has none. */
function together(
  values: GivenRecord,
  { command, otherwise }: Surroundings,
): Collected & { readonly says: readonly Words[] } {
  const file = collect(values);
  const line = command === undefined ? null : collect(command, "network");
  const single: readonly Item["role"][] = ["sizes", "activations", "costName"];
  const said = new Set((line?.items ?? []).map(({ role }) => role).filter((role) => single.includes(role)));
  const own = [...(line?.items ?? []), ...file.items.filter(({ role }) => !said.has(role))];
  const more =
    otherwise === undefined
      ? []
      : collect(otherwise).items.filter(
          ({ role }) => !own.some((one) => one.role === role || (role === "b" && one.role === "W")),
        );
  const roles = otherwise === undefined ? [] : differing(file.items, collect(otherwise).items);
  const says = roles.length === 0 ? [] : [intake.ownCount({ roles })];
  return {
    items: [...own, ...more],
    convention: file.convention,
    refused: [...file.refused, ...(line?.refused ?? [])],
    says,
  };
}

function dataOf(items: readonly Item[], role: "x" | "t", refused: Words[]): NumberArray | undefined {
  const own = items.filter((one) => one.role === role);
  const [first, ...others] = own;
  const value = first?.value as NumberArray | undefined;
  for (const { path, value: other } of others) {
    if (JSON.stringify([...(other as NumberArray).data]) !== JSON.stringify([...value!.data])) {
      refused.push(intake.twice({ one: first!.path, other: path, role }));
    }
  }
  const odd = value === undefined ? -1 : value.data.findIndex((entry) => !Number.isFinite(entry));
  if (odd >= 0) refused.push(intake.notFinite({ path: first!.path, value: value!.data[odd]! }));
  return value;
}

/** Names that are not the report's own, each with what it was taken for. */
function namesNote(placed: readonly Placed[], items: readonly Item[]): Words[] {
  const plain = /(?:^|\.)(W|b|u|v|delta|gradW|gradB)\.?(\d+)$/;
  const odd = placed.filter(({ role, layer, path }) => {
    const found = plain.exec(path);
    const own = path.includes("next.") ? role : found?.[1];
    return found === null || own !== role || Number(found[2]) !== layer;
  });
  const renamed = items.filter(({ role, path }) => {
    const own = path.split(".").at(-1)!;
    return role === "x" || role === "t" || role === "activations" || role === "eta" || role === "lambda"
      ? own !== role && !path.includes("--")
      : role === "costName" && own !== "cost";
  });
  const words = [
    ...odd.map(({ role, layer, path }) => ({
      from: path
        .split(".")
        .slice(path.endsWith("weight") || path.endsWith("bias") ? -2 : -1)
        .join("."),
      to: roleText(role, layer),
    })),
    ...renamed.map(({ role, path }) => ({
      from: path.split(".").at(-1)!,
      to: alike(role === "costName" ? "cost" : role),
    })),
  ];
  return words.length === 0 ? [] : [listed(words.map(({ from, to }) => intake.readAs({ from, to })))];
}
