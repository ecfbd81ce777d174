/** What a submission lacks, and the line that would add it. */

import type { Words } from "../report.ts";
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

const both = (...parts: readonly Words[]): Words => ({ en: parts.map(({ en }) => en).join("; "), zh: parts.map(({ zh }) => zh).join("；") });

/** Everything that is missing, in one sentence. */
export function missing({ sizes, told, W, x, t }: Lacking): Words {
  const reasons: Words[] = [];
  const lines: string[] = [];
  const last = sizes === null ? told.activations?.length ?? 0 : sizes.length - 1;
  if (sizes === null || told.activations === undefined) {
    const list = sizes === null ? "[…]" : `[${sizes.join(", ")}]`;
    const activations = told.activations === undefined ? `[${Array.from({ length: Math.max(1, last) }, () => '"…"').join(", ")}]` : `[${told.activations.map((one) => `"${one}"`).join(", ")}]`;
    reasons.push(sizes === null && told.activations === undefined
      ? { en: "nothing says which network it is", zh: "没有说是什么网络" }
      : sizes === null ? { en: "nothing says how many units the layers have", zh: "没有说各层有几个单元" } : { en: "nothing says which activations the layers have", zh: "没有说各层用什么激活函数" });
    lines.push(`"network": { "sizes": ${list}, "activations": ${activations}, "cost": ${told.cost === undefined ? '"…"' : `"${told.cost}"`} }`);
  }
  if (W.length > 0) {
    const names = W.map(({ layer }) => roleText("W", layer).en).join(", ");
    const given = W.flatMap((one) => one.given).slice(0, 3).map(({ role, layer }) => roleText(role, layer).en).join(", ");
    const of = given === "" ? { en: "", zh: "" } : { en: `: ${given} cannot be judged without, and numbers that are drawn now are not those that it was computed from`, zh: `：没有它就判不了 ${given}，现抽的数不会是当初用的数` };
    reasons.push({ en: `${names} ${W.length === 1 ? "is" : "are"} missing${of.en}`, zh: `缺少 ${names}${of.zh}` });
    lines.push(`"parameters": { ${W.flatMap(({ layer }) => [`"W${layer}": […]`, `"b${layer}": […]`]).join(", ")} }`);
  }
  if (x || t) {
    const names = [...(x ? ["x"] : []), ...(t ? ["t"] : [])];
    reasons.push({ en: `there is no data that the numbers belong to: ${names.join(" and ")} ${names.length === 1 ? "is" : "are"} missing`, zh: `没有这些数所属的数据：缺少 ${names.join("、")}` });
    lines.push(`"data": { ${names.map((name) => `"${name}": [[…]]`).join(", ")} }`);
  }
  return both(...reasons, { en: `add ${lines.join(", ")}`, zh: `请加上 ${lines.join("，")}` });
}
