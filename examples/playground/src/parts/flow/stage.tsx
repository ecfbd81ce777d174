/** The network with the numbers of the sample on its neurons, as far as the steps have come. */

import type { JSX } from "preact";
import type { FlowTold, ToldStep } from "./answer.ts";
import { EdgeLabels, Edges } from "./edges.tsx";
import { layoutOf } from "./layout.ts";
import { Neurons } from "./neurons.tsx";
import type { Weight } from "./place.ts";
import { knownAt } from "./progress.ts";
import { percent, type Scene } from "./scene.ts";
import type { FlowWords } from "./words/en.ts";

interface Props {
  readonly told: FlowTold;
  readonly activations: readonly string[];
  readonly step: number;
  readonly playing: boolean;
  readonly narrow: boolean;
  readonly weight: Weight | null;
  /** The one path that is looked at; `null` for all. */
  readonly path: number | null;
  readonly own: FlowWords;
  readonly choose: (weight: Weight | null) => void;
}

/** The unit of each layer that must be drawn: that of the step, of the chosen weight. */
const mattering =
  ({ neuron, layer }: ToldStep, weight: Weight | null) =>
  (one: number): number => {
    if (weight?.layer === one) return weight.to;
    if (weight?.layer === one + 1) return weight.from;
    return layer === one && neuron !== null ? neuron : -1;
  };

export function Stage({ told, activations, step, playing, narrow, weight, path, own, choose }: Props): JSX.Element {
  const now = told.steps[step]!;
  const layout = layoutOf(told.sizes, narrow, mattering(now, weight));
  const scene: Scene = { told, now, known: knownAt(told.steps, step), layout, weight, path, own };
  const names = [
    ...told.sizes.map((_, layer) => (layer === 0 ? own.input : `${own.layer(layer)} · ${activations[layer - 1]!}`)),
    own.cost,
  ];
  return (
    <svg
      class={`stage ${narrow ? "narrow" : ""} ${playing ? "playing" : ""}`}
      height={layout.height}
      role="group"
      aria-label={own.stage}
    >
      <Edges scene={scene} choose={choose} />
      {names.map((name, layer) => (
        <text key={layer} class="title" x={percent(layout.title(layer).x)} y={layout.title(layer).y}>
          {name}
        </text>
      ))}
      <Neurons scene={scene} />
      <EdgeLabels scene={scene} />
    </svg>
  );
}
