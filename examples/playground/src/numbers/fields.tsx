/** Arrays beside the nodes that they belong to: as fields to type into, or as they were given. */

import type { LineStatus } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { signs } from "../editor/signs.ts";
import type { PageWords } from "../words/en.ts";
import { wordsOf } from "../words/words-of.ts";
import "./fields.css";
import { isNumber, typed, type Listing } from "./listing.ts";
import type { Axis, Quantity } from "./quantities.ts";
import { en } from "./words/en.ts";
import { zh } from "./words/zh.ts";

interface Shown {
  readonly listing: Listing;
  readonly words: PageWords;
  /** How each array fares, by its name. */
  readonly fares?: Readonly<Record<string, LineStatus>>;
  /** The numbers are not there yet, and nothing can be typed. */
  readonly waits?: boolean;
  /** Nothing where the numbers are not to be changed. */
  readonly change?: (listing: Listing) => void;
}

/** A node of the network, or the number of a sample. */
function Head({ axis, k, own }: { readonly axis: Axis; readonly k: number; readonly own: typeof en }): JSX.Element {
  if (axis === "one") return <span class="unseen">{own.bias}</span>;
  if (axis === "samples")
    return (
      <span class="sample" title={own.sample(k + 1)}>
        {k + 1}
      </span>
    );
  return (
    <span class={axis.layer === 0 ? "node of-input" : "node"} title={own.unit(axis.layer, k + 1)}>
      {k + 1}
    </span>
  );
}

const placeOf = ({ symbol, down, across }: Quantity, i: number, j: number, own: typeof en): string => {
  const where = (axis: Axis, k: number): string[] =>
    axis === "one" ? [] : axis === "samples" ? [own.sample(k + 1)] : [own.unit(axis.layer, k + 1)];
  return [symbol, ...where(down, i), ...where(across, j)].join(", ");
};

function Field({
  value,
  label,
  waits,
  set,
}: {
  readonly value: string;
  readonly label: string;
  readonly waits: boolean;
  readonly set: (value: string) => void;
}): JSX.Element {
  const isOdd = value !== "" && !isNumber(value);
  return (
    <input
      value={value}
      disabled={waits}
      aria-label={label}
      aria-invalid={isOdd}
      inputMode="text"
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      size={7}
      onInput={({ currentTarget }) => set(typed(currentTarget.value))}
    />
  );
}

function Sign({ status, words }: { readonly status: LineStatus; readonly words: PageWords }): JSX.Element {
  return (
    <span
      class={`sign ${status}`}
      role="img"
      aria-label={words.status[status] ?? status}
      title={words.status[status] ?? status}
    >
      {signs[status]}
    </span>
  );
}

interface Captioned {
  readonly symbol: string;
  readonly status: LineStatus | undefined;
  readonly words: PageWords;
}

/** The symbol of an array, and how the array fares where that has a sign. */
function Caption({ symbol, status, words }: Captioned): JSX.Element {
  return (
    <caption>
      {symbol}
      {status !== undefined && signs[status] !== undefined && (
        <>
          {" "}
          <Sign status={status} words={words} />
        </>
      )}
    </caption>
  );
}

/** The rows with another entry in one place. */
const withEntry = (rows: readonly (readonly string[])[], i: number, j: number, value: string): string[][] =>
  rows.map((row, a) => row.map((entry, b) => (a === i && b === j ? value : entry)));

function Matrix({
  quantity,
  listing,
  words,
  fares = {},
  waits = false,
  change,
}: Shown & { readonly quantity: Quantity }): JSX.Element {
  const own = wordsOf(words, { en, zh });
  const { name, symbol, down, across, columns } = quantity;
  const rows = listing.get(name) ?? [];
  const put = (i: number, j: number, value: string): void =>
    change?.(new Map([...listing, [name, withEntry(rows, i, j, value)]]));
  return (
    <div class="matrix">
      <table>
        <Caption symbol={symbol} status={fares[name]} words={words} />
        <thead>
          <tr>
            <td />
            {Array.from({ length: columns }, (_, j) => (
              <th key={j} scope="col">
                <Head axis={across} k={j} own={own} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              <th scope="row">
                <Head axis={down} k={i} own={own} />
              </th>
              {row.map((entry, j) => (
                <td key={j}>
                  {change === undefined ? (
                    entry
                  ) : (
                    <Field
                      value={entry}
                      label={placeOf(quantity, i, j, own)}
                      waits={waits}
                      set={(value) => put(i, j, value)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The quantities in rows, a layer in each. */
export function Fields({
  quantities,
  label,
  ...shown
}: Shown & { readonly quantities: readonly Quantity[]; readonly label: string }): JSX.Element {
  const layers = [...new Set(quantities.map(({ layer }) => layer))];
  return (
    <section class="fields" aria-label={label}>
      <h2>{label}</h2>
      {layers.map((layer) => (
        <div key={layer} class="of-layer">
          {quantities
            .filter((one) => one.layer === layer)
            .map((quantity) => (
              <Matrix key={quantity.name} quantity={quantity} {...shown} />
            ))}
        </div>
      ))}
    </section>
  );
}
