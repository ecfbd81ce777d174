/** Says what a submission lacks, and the line that would add it. */

import { intake } from "../../locales/intake.ts";
import { joined, type Words } from "../../locales/words.ts";
import { roleText } from "./display.ts";
import type { Placed } from "./numbering.ts";
import type { Told } from "./told.ts";

interface Lacking {
  /** As far as they are known. */
  readonly sizes: readonly number[] | null;
  readonly told: Told;
  /** Layers without weights, with what was handed in for them. */
  readonly W: readonly { readonly layer: number; readonly given: readonly Placed[] }[];
  readonly x: boolean;
  readonly t: boolean;
}

/** Everything that is missing, in one sentence. */
export function missing({ sizes, told, W, x, t }: Lacking): Words {
  const reasons: Words[] = [];
  const lines: string[] = [];
  const last = sizes === null ? (told.activations?.length ?? 0) : sizes.length - 1;
  if (sizes === null || told.activations === undefined) {
    const list = sizes === null ? "[…]" : `[${sizes.join(", ")}]`;
    const activations =
      told.activations === undefined
        ? `[${Array.from({ length: Math.max(1, last) }, () => '"…"').join(", ")}]`
        : `[${told.activations.map((one) => `"${one}"`).join(", ")}]`;
    reasons.push(
      sizes === null && told.activations === undefined
        ? intake.noNetwork
        : sizes === null
          ? intake.noSizes
          : intake.noActivations,
    );
    lines.push(
      `"network": { "sizes": ${list}, "activations": ${activations}, "cost": ${told.cost === undefined ? '"…"' : `"${told.cost}"`} }`,
    );
  }
  if (W.length > 0) {
    const names = W.map(({ layer }) => roleText("W", layer).en).join(", ");
    const given = W.flatMap((one) => one.given)
      .slice(0, 3)
      .map(({ role, layer }) => roleText(role, layer).en)
      .join(", ");
    reasons.push(intake.weightsMissing({ names, count: W.length, given }));
    lines.push(`"parameters": { ${W.flatMap(({ layer }) => [`"W${layer}": […]`, `"b${layer}": […]`]).join(", ")} }`);
  }
  if (x || t) {
    const names = [...(x ? ["x"] : []), ...(t ? ["t"] : [])];
    reasons.push(intake.dataMissing({ names }));
    lines.push(`"data": { ${names.map((name) => `"${name}": [[…]]`).join(", ")} }`);
  }
  return joined([...reasons, intake.add({ lines })], intake.semicolon);
}
