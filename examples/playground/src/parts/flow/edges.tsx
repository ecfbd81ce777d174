/** The lines of the drawing: the weights, which can be chosen, what leads to the cost, and the numbers on them. */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { figureText } from "../../ui/figure.ts";
import type { Spot } from "./layout.ts";
import { wordOfWeight, type Weight } from "./place.ts";
import { activeEdges, edgesOfPaths } from "./progress.ts";
import { largestOf, percent, weightsOf, type Scene } from "./scene.ts";

/** The place between two others. */
const between = (a: Spot, b: Spot, share: number): Spot => ({
  x: a.x + share * (b.x - a.x),
  y: a.y + share * (b.y - a.y),
});

function Line({
  from,
  to,
  name,
  width,
}: {
  readonly from: Spot;
  readonly to: Spot;
  readonly name: string;
  readonly width?: number;
}): JSX.Element {
  return (
    <line
      class={name}
      x1={percent(from.x)}
      y1={from.y}
      x2={percent(to.x)}
      y2={to.y}
      style={width === undefined ? undefined : { "--w": `${width}px` }}
    />
  );
}

/** A line that can be chosen by pointer and by keys. */
function Choosable({
  from,
  to,
  pressed,
  focusable,
  label,
  pick,
  id,
}: {
  readonly from: Spot;
  readonly to: Spot;
  readonly pressed: boolean;
  readonly focusable: boolean;
  readonly label: string;
  readonly pick: () => void;
  readonly id: string;
}): JSX.Element {
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    pick();
  };
  return (
    <line
      class="hit"
      role="button"
      aria-pressed={pressed}
      aria-label={label}
      tabindex={focusable ? 0 : -1}
      data-weight={id}
      onClick={pick}
      onKeyDown={key}
      x1={percent(from.x)}
      y1={from.y}
      x2={percent(to.x)}
      y2={to.y}
    />
  );
}

/** Each weight as a line, the thicker the larger it is. */
function WeightLines({ scene }: { readonly scene: Scene }): JSX.Element {
  const { told, layout, now, weight, path } = scene;
  const active = activeEdges(told, now);
  const lit = edgesOfPaths(told, path);
  const largest = largestOf(told);
  const chosen = weight === null ? "" : wordOfWeight(weight);
  return (
    <>
      {weightsOf(scene).map((one) => {
        const [from, to] = [layout.unit(one.layer - 1, one.from)!, layout.unit(one.layer, one.to)!];
        const word = wordOfWeight(one);
        const names = [
          word === chosen ? "chosen" : "",
          lit.has(word) ? "lit" : weight !== null ? "dim" : "",
          active.edges.has(word) ? active.kind : "",
        ];
        return (
          <Line
            key={word}
            from={from}
            to={to}
            name={`edge ${names.join(" ")}`}
            width={0.7 + 2.3 * (Math.abs(told.figures.W[one.layer - 1]![one.to]![one.from]!) / largest)}
          />
        );
      })}
    </>
  );
}

/** A line from each output to the cost. */
function CostLines({ scene: { told, layout, now, weight, path } }: { readonly scene: Scene }): JSX.Element {
  const last = told.sizes.length - 1;
  const lit = edgesOfPaths(told, path);
  const nameOf = (j: number): string => {
    const isBack = now.knows.includes("delta") && now.layer === last && now.neuron === j;
    const active = now.knows.includes("cost") ? "forward" : isBack ? "backward" : "";
    return `edge ${active} ${weight === null ? "" : lit.has(`out.${j}`) ? "lit" : "dim"}`;
  };
  return (
    <>
      {layout.drawn(last).map((j) => (
        <Line key={j} from={layout.unit(last, j)!} to={layout.cost} name={nameOf(j)} />
      ))}
    </>
  );
}

interface Choosing {
  readonly scene: Scene;
  readonly choose: (weight: Weight | null) => void;
}

/** How far each key goes through the lines of `count` weights. */
const strides = (count: number): Readonly<Record<string, number>> => ({
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  Home: -count,
  End: count,
});

/** A wide unseen line over each weight, which pointers and keys reach. */
function WeightChoices({ scene, choose }: Choosing): JSX.Element {
  const { told, layout, known, weight, own } = scene;
  const group = useRef<SVGGElement>(null);
  const all = weightsOf(scene);
  const chosen = weight === null ? "" : wordOfWeight(weight);
  const move = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && weight !== null) choose(null);
    const by = strides(all.length)[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const lines = [...group.current!.querySelectorAll<SVGLineElement>("[data-weight]")];
    const at = lines.findIndex((line) => line === document.activeElement);
    lines[Math.min(lines.length - 1, Math.max(0, at + by))]?.focus();
  };
  const label = ({ layer, to, from }: Weight): string =>
    own.weightLabel({
      layer,
      to: to + 1,
      from: from + 1,
      value: figureText(told.figures.W[layer - 1]![to]![from]!),
      gradient: known.gradient(layer, to) ? figureText(told.gradients[layer - 1]!.W[to]![from]!) : null,
    });
  return (
    <g ref={group} role="group" aria-label={own.weights} onKeyDown={move}>
      {all.map((one, k) => (
        <Choosable
          key={wordOfWeight(one)}
          id={wordOfWeight(one)}
          from={layout.unit(one.layer - 1, one.from)!}
          to={layout.unit(one.layer, one.to)!}
          pressed={wordOfWeight(one) === chosen}
          focusable={chosen === "" ? k === 0 : wordOfWeight(one) === chosen}
          label={label(one)}
          pick={() => choose(wordOfWeight(one) === chosen ? null : one)}
        />
      ))}
    </g>
  );
}

export function Edges({ scene, choose }: Choosing): JSX.Element {
  return (
    <>
      <WeightLines scene={scene} />
      <CostLines scene={scene} />
      <WeightChoices scene={scene} choose={choose} />
    </>
  );
}

/** The numbers on the lines that the step reads or makes known. */
export function EdgeLabels({ scene: { told, layout, now, weight } }: { readonly scene: Scene }): JSX.Element {
  const { edges, kind } = activeEdges(told, now);
  const shown = weightsOf({ told, layout }).filter(
    (one) => edges.has(wordOfWeight(one)) || (weight !== null && wordOfWeight(one) === wordOfWeight(weight)),
  );
  return (
    <g class="labels" aria-hidden="true">
      {shown.map((one) => {
        const isGradient = now.knows.includes("gradient") && edges.has(wordOfWeight(one));
        const numbers = isGradient ? told.gradients[one.layer - 1]!.W : told.figures.W[one.layer - 1]!;
        // Lines of a step meet in one neuron: their numbers stand nearer the other end.
        const spot = between(
          layout.unit(one.layer - 1, one.from)!,
          layout.unit(one.layer, one.to)!,
          kind === "backward" && !isGradient ? 0.62 : 0.38,
        );
        return (
          <text key={wordOfWeight(one)} class={isGradient ? "gradient" : ""} x={percent(spot.x)} y={spot.y + 4}>
            {figureText(numbers[one.to]![one.from]!)}
          </text>
        );
      })}
    </g>
  );
}
