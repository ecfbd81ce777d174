/** The neurons of the drawing with what is known of them, and the cost. */

import type { JSX } from "preact";
import { figureText } from "../../ui/figure.ts";
import type { Spot } from "./layout.ts";
import { edgesOfPaths } from "./progress.ts";
import { percent, type Scene } from "./scene.ts";

function Neuron({
  spot,
  lines,
  state,
  label,
}: {
  readonly spot: Spot;
  readonly lines: readonly [string, string];
  readonly state: string;
  readonly label: string;
}): JSX.Element {
  const [above, below] = lines;
  return (
    <svg x={percent(spot.x)} y={spot.y} class={`neuron ${state}`} role="img" aria-label={label}>
      <rect class="pill" y={-20} height={40} rx={11} />
      {below === "" ? (
        <text class="v" y={4}>
          {above}
        </text>
      ) : (
        <>
          <text class="v" y={-4}>
            {above}
          </text>
          <text class="delta" y={13}>
            {below}
          </text>
        </>
      )}
    </svg>
  );
}

/** A number of a neuron by its name. */
type Named = readonly [name: string, value: number];

/** All that is known of a neuron, the newest last. */
const knownOf = ({ told: { u, v, delta }, known }: Scene, layer: number, j: number): readonly Named[] => [
  ...(layer > 0 && known.u(layer, j) ? [["u", u[layer]![j]!] as const] : []),
  ...(layer === 0 || known.v(layer, j) ? [["v", v[layer]![j]!] as const] : []),
  ...(layer > 0 && known.delta(layer, j) ? [["δ", delta[layer]![j]!] as const] : []),
];

/** The two lines of a pill: v, or u until v is known; and δ. */
function linesOf(all: readonly Named[], narrow: boolean): readonly [string, string] {
  const value = all.find(([name]) => name === "v");
  const back = all.find(([name]) => name === "δ");
  const above = value === undefined ? all.map(([name, u]) => `${name} ${figureText(u)}`).join() : figureText(value[1]);
  return [above === "" ? "·" : above, back === undefined ? "" : `${narrow ? "" : "δ "}${figureText(back[1])}`];
}

/** The classes of each neuron: reached by the step, or off the paths that are looked at. */
function statesOf({ told, now, weight, path }: Scene): (layer: number, j: number) => string {
  const on = edgesOfPaths(told, path);
  const direction = now.knows.includes("delta") || now.knows.includes("gradient") ? "backward" : "forward";
  return (layer, j) =>
    [
      layer === 0 ? "input" : "",
      now.layer === layer && now.neuron === j ? `now ${direction}` : "",
      weight !== null && !on.has(`unit ${layer}.${j}`) ? "dim" : "",
    ].join(" ");
}

/** A mark in each layer that has more units than are drawn. */
function Gaps({ scene: { told, layout } }: { readonly scene: Scene }): JSX.Element {
  return (
    <>
      {told.sizes
        .map((_, layer) => layout.gap(layer))
        .map((spot, layer) =>
          spot === null ? null : (
            <text key={layer} class="gap" x={percent(spot.x)} y={spot.y + 5}>
              {layout.narrow ? "⋯" : "⋮"}
            </text>
          ),
        )}
    </>
  );
}

function Cost({ scene: { told, layout, now, known, own } }: { readonly scene: Scene }): JSX.Element {
  const text = known.cost ? figureText(told.cost) : "·";
  return (
    <Neuron
      spot={layout.cost}
      lines={[text, ""]}
      state={`cost ${now.knows.includes("cost") ? "now forward" : ""}`}
      label={own.costLabel(text)}
    />
  );
}

export function Neurons({ scene }: { readonly scene: Scene }): JSX.Element {
  const { told, layout, own } = scene;
  const stateOf = statesOf(scene);
  return (
    <>
      {told.sizes.map((_, layer) =>
        layout.drawn(layer).map((j) => {
          const all = knownOf(scene, layer, j);
          const known = all.map(([name, one]) => `${name} = ${figureText(one)}`).join(", ");
          return (
            <Neuron
              key={`${layer}.${j}`}
              spot={layout.unit(layer, j)!}
              lines={linesOf(all, layout.narrow)}
              state={stateOf(layer, j)}
              label={own.neuronLabel({ layer, neuron: j + 1, known })}
            />
          );
        }),
      )}
      <Gaps scene={scene} />
      <Cost scene={scene} />
    </>
  );
}
