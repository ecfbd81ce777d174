/**
 * The network of the work: drawn, with its sizes, activations and cost beneath, which can be changed where it is the
 * visitor's.
 */

import type { JSX } from "preact";
import { Stepper } from "../ui/stepper.tsx";
import type { PageWords } from "../words/en.ts";
import { Drawing } from "./drawing.tsx";
import {
  MOST_LAYERS,
  MOST_UNITS,
  specOf,
  withActivation,
  withLayer,
  withoutLayer,
  withUnits,
  wordOf,
  type Spec,
} from "./spec.ts";

const activations = [
  "sigmoid",
  "tanh",
  "relu",
  "leakyRelu",
  "linear",
  "softmax",
  "elu",
  "gelu",
  "silu",
  "selu",
  "softplus",
  "softsign",
];

interface Shown {
  readonly spec: Spec;
  readonly cost: string;
  readonly words: PageWords;
}

/** A change of the network by its word, or of the cost. */
type Change = (part: { readonly net?: string; readonly cost?: string }) => void;

function Fixed({ spec, cost, words }: Shown): JSX.Element {
  return (
    <>
      <ol class="layers">
        {spec.sizes.map((units, l) => (
          <li key={l}>
            <b>{units}</b>
            <span>{l === 0 ? words.layer(0) : spec.activations[l - 1]}</span>
          </li>
        ))}
      </ol>
      <p class="cost-of">
        <span>{words.cost}</span> {words.costs[cost] ?? cost}
      </p>
    </>
  );
}

interface Layer extends Pick<Shown, "spec" | "words"> {
  readonly l: number;
  readonly set: (spec: Spec) => void;
}

/** A layer with its units and its activation to be changed. */
function Layer({ spec, l, words, set }: Layer): JSX.Element {
  const activation = spec.activations[l - 1]!;
  return (
    <li>
      <Stepper
        label={words.units(l)}
        value={spec.sizes[l]!}
        most={MOST_UNITS}
        fewer={words.fewer}
        more={words.more}
        set={(to) => set(withUnits(spec, l, to))}
      />
      {l === 0 ? (
        <span>{words.layer(0)}</span>
      ) : (
        <select
          aria-label={words.activation(l)}
          value={activation}
          onChange={({ currentTarget }) => set(withActivation(spec, l, currentTarget.value))}
        >
          {[...new Set([...activations, activation])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </li>
  );
}

function CostChoice({ cost, words, change }: Omit<Shown, "spec"> & { readonly change: Change }): JSX.Element {
  return (
    <label>
      <span>{words.cost}</span>{" "}
      <select value={cost} onChange={({ currentTarget }) => change({ cost: currentTarget.value })}>
        {[...new Set([...Object.keys(words.costs), cost])].map((name) => (
          <option key={name} value={name}>
            {words.costs[name] ?? name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Changeable({ spec, cost, words, change }: Shown & { readonly change: Change }): JSX.Element {
  const set = (next: Spec): void => change({ net: wordOf(next) });
  return (
    <>
      <ol class="layers">
        {spec.sizes.map((_, l) => (
          <Layer key={l} spec={spec} l={l} words={words} set={set} />
        ))}
      </ol>
      <p class="cost-of">
        <CostChoice cost={cost} words={words} change={change} />
        <button type="button" disabled={spec.sizes.length > MOST_LAYERS} onClick={() => set(withLayer(spec))}>
          {words.addLayer}
        </button>
        <button type="button" disabled={spec.sizes.length <= 2} onClick={() => set(withoutLayer(spec))}>
          {words.removeLayer}
        </button>
      </p>
    </>
  );
}

interface Props extends Omit<Shown, "spec"> {
  readonly net: string;
  /** A sentence about a network that is not to be changed. */
  readonly says?: string;
  /** Nothing where it is not to be changed. */
  readonly change?: Change;
}

export function NetworkBar({ net, cost, words, says, change }: Props): JSX.Element {
  const spec = specOf(net);
  return (
    <section class="network" aria-label={words.network}>
      {says !== undefined && <p class="soft">{says}</p>}
      <Drawing spec={spec} words={words} />
      {change === undefined ? (
        <Fixed spec={spec} cost={cost} words={words} />
      ) : (
        <Changeable spec={spec} cost={cost} words={words} change={change} />
      )}
    </section>
  );
}
