/**
 * Formulas on the network that stands beside them: of names with several meanings the one under which least is wrong.
 */

import type { Network } from "../../network/network.ts";
import { formulas } from "../formulas/formulas.ts";
import type { FormulaOptions, FormulaReport } from "../formulas/report.ts";
import type { Described } from "../intake/described.ts";
import { networkOf } from "../intake/network.ts";
import { least } from "../judge/least.ts";

/** Judges them; what is not drawn from a seed may be `blank`, where nobody sees the parameters. */
export function formulasBeside(
  text: string,
  described: Described,
  options: FormulaOptions,
  drawn: { readonly seed: number | null; readonly blank: boolean },
): { readonly report: FormulaReport; readonly network: Network } {
  const { activations, otherActivations, costs, told } = described;
  // Names with several meanings are read as everything holds; what nobody told is the usual.
  const networks = [activations, ...otherActivations].flatMap((one) =>
    (told.cost === undefined ? costs.slice(0, 1) : costs).map((cost) =>
      networkOf({ ...described, activations: one }, cost, drawn),
    ),
  );
  return least(
    networks,
    (network) => ({ report: formulas(network, text, options), network }),
    (found) => found.report,
  )!;
}
