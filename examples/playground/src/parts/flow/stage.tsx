/** The network with the numbers of the sample on its neurons, as far as the steps have come. */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { figureText } from "../../ui/figure.ts";
import type { FlowTold, ToldStep } from "./answer.ts";
import { layoutOf, type Layout, type Spot } from "./layout.ts";
import { wordOfWeight, type Weight } from "./place.ts";
import { activeEdges, edgesOfPaths, knownAt, type Known } from "./progress.ts";
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

const percent = (value: number): string => `${value}%`;

/** The unit of each layer that must be drawn: that of the step, of the chosen weight. */
const mattering =
  ({ neuron, layer }: ToldStep, weight: Weight | null) =>
  (one: number): number => {
    if (weight?.layer === one) return weight.to;
    if (weight?.layer === one + 1) return weight.from;
    return layer === one && neuron !== null ? neuron : -1;
  };

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

interface Parts extends Props {
  readonly layout: Layout;
  readonly known: Known;
  readonly now: ToldStep;
}

/** All weights between units that are drawn, in an order that arrows can follow. */
function weightsOf({ told: { sizes }, layout }: Pick<Parts, "told" | "layout">): Weight[] {
  return sizes
    .slice(1)
    .flatMap((_, k) =>
      layout.drawn(k + 1).flatMap((to) => layout.drawn(k).map((from) => ({ layer: k + 1, to, from }))),
    );
}

function Edges(parts: Parts): JSX.Element {
  const { told, layout, now, known, weight, own, choose, path } = parts;
  const group = useRef<SVGGElement>(null);
  const all = weightsOf(parts);
  const active = activeEdges(told, now);
  const lit = edgesOfPaths(told, path);
  const largest = Math.max(1e-9, ...told.figures.W.flat(2).map(Math.abs));
  const chosen = weight === null ? "" : wordOfWeight(weight);
  const move = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowUp: -1,
      Home: -all.length,
      End: all.length,
    };
    if (event.key === "Escape" && weight !== null) choose(null);
    const by = steps[event.key];
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
    <>
      {all.map((one) => {
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
      {layout.drawn(told.sizes.length - 1).map((j) => (
        <Line
          key={`cost ${j}`}
          from={layout.unit(told.sizes.length - 1, j)!}
          to={layout.cost}
          name={`edge ${now.knows.includes("cost") ? "forward" : now.knows.includes("delta") && now.layer === told.sizes.length - 1 && now.neuron === j ? "backward" : ""} ${weight === null ? "" : lit.has(`out.${j}`) ? "lit" : "dim"}`}
        />
      ))}
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
    </>
  );
}

/** The numbers on the lines that the step reads or makes known. */
function EdgeLabels({ told, layout, now, weight }: Parts): JSX.Element {
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

function Neurons({ told, layout, now, known, own, weight, path }: Parts): JSX.Element {
  const { sizes, v, delta } = told;
  const on = edgesOfPaths(told, path);
  const stateOf = (layer: number, j: number): string => {
    const isNow = now.layer === layer && now.neuron === j;
    return [
      layer === 0 ? "input" : "",
      isNow ? (now.knows.includes("delta") || now.knows.includes("gradient") ? "now backward" : "now forward") : "",
      weight !== null && !on.has(`unit ${layer}.${j}`) ? "dim" : "",
    ].join(" ");
  };
  // What is known of a neuron, the newest last.
  const knownOf = (layer: number, j: number): readonly (readonly [string, number])[] => [
    ...(layer > 0 && known.u(layer, j) ? [["u", told.u[layer]![j]!] as const] : []),
    ...(layer === 0 || known.v(layer, j) ? [["v", v[layer]![j]!] as const] : []),
    ...(layer > 0 && known.delta(layer, j) ? [["δ", delta[layer]![j]!] as const] : []),
  ];
  const linesOf = (all: ReturnType<typeof knownOf>): readonly [string, string] => {
    const value = all.find(([name]) => name === "v");
    const back = all.find(([name]) => name === "δ");
    const above =
      value === undefined ? all.map(([name, u]) => `${name} ${figureText(u)}`).join() : figureText(value[1]);
    return [above === "" ? "·" : above, back === undefined ? "" : `${layout.narrow ? "" : "δ "}${figureText(back[1])}`];
  };
  return (
    <>
      {sizes.map((_, layer) =>
        layout.drawn(layer).map((j) => {
          const all = knownOf(layer, j);
          const label = own.neuronLabel({
            layer,
            neuron: j + 1,
            known: all.map(([name, one]) => `${name} = ${figureText(one)}`).join(", "),
          });
          return (
            <Neuron
              key={`${layer}.${j}`}
              spot={layout.unit(layer, j)!}
              lines={linesOf(all)}
              state={stateOf(layer, j)}
              label={label}
            />
          );
        }),
      )}
      {sizes
        .map((_, layer) => layout.gap(layer))
        .map((spot, layer) =>
          spot === null ? null : (
            <text key={`gap ${layer}`} class="gap" x={percent(spot.x)} y={spot.y + 5}>
              {layout.narrow ? "⋯" : "⋮"}
            </text>
          ),
        )}
      <Neuron
        spot={layout.cost}
        lines={[known.cost ? figureText(told.cost) : "·", ""]}
        state={`cost ${now.knows.includes("cost") ? "now forward" : ""}`}
        label={own.costLabel(known.cost ? figureText(told.cost) : "·")}
      />
    </>
  );
}

export function Stage(props: Props): JSX.Element {
  const { told, activations, step, playing, narrow, weight, own } = props;
  const now = told.steps[step]!;
  const layout = layoutOf(told.sizes, narrow, mattering(now, weight));
  const parts = { ...props, layout, now, known: knownAt(told.steps, step) };
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
      <Edges {...parts} />
      {names.map((name, layer) => (
        <text key={layer} class="title" x={percent(layout.title(layer).x)} y={layout.title(layer).y}>
          {name}
        </text>
      ))}
      <Neurons {...parts} />
      <EdgeLabels {...parts} />
    </svg>
  );
}
