/** The corners of a graph, at each of its names. */

import { Random } from "../../../random.ts";
import { cornerAmong, DRAWS, nearby, type Corner } from "../../bounds/corners.ts";
import { plus } from "../../bounds/numbers.ts";
import type { Flows, Values } from "./flows.ts";

const each = (values: Values, f: (name: string) => Values[string]): Values =>
  Object.fromEntries(Object.keys(values).map((name) => [name, f(name)]));

/** The corners by name; names without one are left out. */
export function cornersOf(
  flows: Flows,
  inputs: Values,
  taps: Values,
  handed: Values,
  plain: Values,
): Readonly<Record<string, Corner>> {
  const samples = Array.from({ length: DRAWS }, (_, draw) => {
    const random = new Random("corner").split(draw);
    const moved = each(inputs, (name) => plus(inputs[name]!, nearby(inputs[name]!, random)));
    return flows.implied(moved, taps, handed, { offsets: each(taps, (name) => nearby(taps[name]!, random)) });
  });
  return Object.fromEntries(
    Object.entries(plain).flatMap(([name, base]) => {
      const corner = cornerAmong(
        base,
        samples.map((sample) => sample[name]!),
      );
      return corner === null ? [] : [[name, corner] as const];
    }),
  );
}
