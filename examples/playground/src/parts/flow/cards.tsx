/** What a step does: its formula with the numbers put in; and the paths of a weight. */

import type { JSX } from "preact";
import { valueText } from "../../ui/figure.ts";
import type { FlowTold, ToldPaths, ToldStep } from "./answer.ts";
import type { FlowWords } from "./words/en.ts";

/** What a step is called, and which of the four equations it is. */
export function headOf(
  { knows, layer, neuron }: ToldStep,
  layers: number,
  own: FlowWords,
): { readonly tag: string; readonly title: string; readonly why: string; readonly way: "forward" | "backward" } {
  const at = neuron === null ? own.cost : own.at({ layer, neuron: neuron + 1 });
  if (knows.includes("cost")) return { tag: own.forward, title: at, why: own.why.cost, way: "forward" };
  if (knows.includes("delta")) {
    const last = layer === layers;
    return { tag: last ? "BP1" : "BP2", title: at, why: last ? own.why.bp1 : own.why.bp2, way: "backward" };
  }
  if (knows.includes("gradient")) return { tag: "BP3, BP4", title: at, why: own.why.gradients, way: "backward" };
  return {
    tag: own.forward,
    title: at,
    why: knows.length > 1 ? own.why.both : knows[0] === "u" ? own.why.u : own.why.v,
    way: "forward",
  };
}

/** What a step makes known, in a sentence for whoever listens. */
export function spoken(told: FlowTold, step: number, own: FlowWords): string {
  const now = told.steps[step]!;
  const { tag, title } = headOf(now, told.sizes.length - 1, own);
  const { knows, layer, neuron } = now;
  const values = knows.flatMap((one): string[] => {
    if (one === "cost") return [`C = ${valueText(told.cost)}`];
    if (one === "gradient")
      return [
        own.biasIs(valueText(told.gradients[layer - 1]!.b[neuron!]!)),
        own.weightsAre(told.gradients[layer - 1]!.W[neuron!]!.map((one) => valueText(one)).join(", ")),
      ];
    return [`${one === "delta" ? "δ" : one} = ${valueText(told[one][layer]![neuron!]!)}`];
  });
  return own.sentence({ step: step + 1, steps: told.steps.length, tag, title, values: values.join(", ") });
}

export function StepCard({
  told,
  step,
  own,
}: {
  readonly told: FlowTold;
  readonly step: number;
  readonly own: FlowWords;
}): JSX.Element {
  const now = told.steps[step]!;
  const { tag, title, why, way } = headOf(now, told.sizes.length - 1, own);
  return (
    <div class={`card step-card ${way}`}>
      <header>
        <span class="tag">{tag}</span>
        <h2>{title}</h2>
      </header>
      <p class="soft">{why}</p>
      <div
        class="formulas"
        tabIndex={0}
        role="group"
        aria-label={own.formula}
        dangerouslySetInnerHTML={{ __html: now.html }}
      />
    </div>
  );
}

interface PathsProps {
  readonly chosen: ToldPaths;
  readonly path: number | null;
  readonly own: FlowWords;
  readonly look: (path: number | null) => void;
  readonly close: () => void;
}

export function PathsCard({ chosen, path, own, look, close }: PathsProps): JSX.Element {
  const {
    weight: { layer, to, from },
    count,
    paths,
    sum,
  } = chosen;
  const shown = path === null ? undefined : paths[path];
  return (
    <div class="card paths-card">
      <header>
        <h2>{own.pathsOf({ layer, to: to + 1, from: from + 1 })}</h2>
        <button type="button" onClick={close}>
          {own.close}
        </button>
      </header>
      <p class="soft">{own.pathCount(count)}</p>
      {paths.length > 1 && (
        <ul class="paths">
          {paths.map(({ neurons, value }, k) => (
            <li key={k}>
              <button type="button" aria-pressed={path === k} onClick={() => look(path === k ? null : k)}>
                <span>
                  {neurons.map(({ layer: on, neuron }) => own.stop({ layer: on, neuron: neuron + 1 })).join(" → ")} → C
                </span>
                <output>{valueText(value)}</output>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div
        class="formulas"
        tabIndex={0}
        role="group"
        aria-label={own.formula}
        dangerouslySetInnerHTML={{ __html: shown === undefined ? sum : shown.html }}
      />
    </div>
  );
}
