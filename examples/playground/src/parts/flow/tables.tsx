/** All numbers as tables: those that may be changed as fields, those that follow beside them. */

import type { JSX } from "preact";
import { isNumber } from "../../network/figures.ts";
import { valueText } from "../../ui/figure.ts";
import { NumberField } from "../../ui/number-field.tsx";
import type { FlowTold } from "./answer.ts";
import type { FlowWords } from "./words/en.ts";

/** With more parameters than this nobody types them. */
const MOST = 400;

interface Props {
  readonly told: FlowTold;
  /** The words that somebody typed, by their place, before they are among what is told. */
  readonly written: Readonly<Record<string, number>>;
  readonly own: FlowWords;
  readonly set: (place: string, value: number) => void;
}

interface FieldProps extends Pick<Props, "written" | "set"> {
  readonly place: string;
  readonly value: number;
  readonly label: string;
}

function Field({ place, value, label, written, set }: FieldProps): JSX.Element {
  const change = (typed: string): void => {
    if (isNumber(typed)) set(place, Number(typed));
  };
  return (
    <NumberField class="figure-field" step={0.1} value={written[place] ?? value} aria-label={label} change={change} />
  );
}

function Sample({
  told: {
    figures: { x, t },
  },
  own,
  ...kept
}: Props): JSX.Element {
  return (
    <div class="sample">
      <fieldset>
        <legend>{own.inputs}</legend>
        {x.map((value, i) => (
          <Field key={i} place={`x.${i}`} value={value} label={own.inputOf(i + 1)} {...kept} />
        ))}
      </fieldset>
      <fieldset>
        <legend>{own.targets}</legend>
        {t.map((value, j) => (
          <Field key={j} place={`t.${j}`} value={value} label={own.targetOf(j + 1)} {...kept} />
        ))}
      </fieldset>
    </div>
  );
}

/** The neurons of a layer in rows: its weights and biases with the derivatives beneath, and what follows from them. */
function LayerTable({
  told,
  own,
  layer,
  typed,
  ...kept
}: Props & { readonly layer: number; readonly typed: boolean }): JSX.Element {
  const { figures, gradients, u, v, delta } = told;
  const [W, b, by] = [figures.W[layer - 1]!, figures.b[layer - 1]!, gradients[layer - 1]!];
  const cell = (key: string, place: string, value: number, label: string, slope: number): JSX.Element => (
    <td key={key}>
      <Field place={place} value={value} label={label} {...kept} />
      <span class="slope">{valueText(slope)}</span>
    </td>
  );
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={own.tableOf(layer)}>
      <table>
        <caption>{own.tableOf(layer)}</caption>
        <thead>
          <tr>
            <th scope="col">{own.neuron}</th>
            <th scope="col">u</th>
            <th scope="col">v</th>
            <th scope="col">δ</th>
            {typed &&
              W[0]!.map((_, i) => (
                <th key={i} scope="col">
                  {own.from(i + 1)}
                </th>
              ))}
            {typed && <th scope="col">{own.bias}</th>}
          </tr>
        </thead>
        <tbody>
          {W.map((row, j) => (
            <tr key={j}>
              <th scope="row">{j + 1}</th>
              <td>{valueText(u[layer]![j]!)}</td>
              <td>{valueText(v[layer]![j]!)}</td>
              <td class="delta">{valueText(delta[layer]![j]!)}</td>
              {typed &&
                row.map((value, i) =>
                  cell(
                    String(i),
                    `W${layer}.${j}.${i}`,
                    value,
                    own.weightOf({ layer, to: j + 1, from: i + 1 }),
                    by.W[j]![i]!,
                  ),
                )}
              {typed && cell("b", `b${layer}.${j}`, b[j]!, own.biasOf({ layer, neuron: j + 1 }), by.b[j]!)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Tables(props: Props): JSX.Element {
  const {
    told: { sizes, figures, cost },
    own,
  } = props;
  const typed = figures.W.flat(2).length <= MOST;
  return (
    <section class="tables" aria-label={own.numbers}>
      <h2>{own.numbers}</h2>
      <p class="soft">{typed ? own.numbersSay : own.tooMany}</p>
      {typed && <Sample {...props} />}
      {sizes.slice(1).map((_, k) => (
        <LayerTable key={k} {...props} layer={k + 1} typed={typed} />
      ))}
      <p class="cost-is">{own.costLabel(valueText(cost))}</p>
    </section>
  );
}
