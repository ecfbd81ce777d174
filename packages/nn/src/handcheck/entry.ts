/** The check with its other ways in: by formulas, and for any graph by named intermediates. */

import { formulas } from "./formulas/formulas.ts";
import { handcheck as byNumbersOrCode } from "./judge/handcheck.ts";
import { handcheckGraph } from "./ops/graph/handcheck-graph.ts";

/**
 * Checks a backprop that was derived by hand: `handcheck(network, data, hand)` by numbers, `handcheck(network,
 * backward)` by code, `handcheck.formulas(network, text)` by equations, `handcheck.graph(f, inputs, hand)` for any
 * computation.
 *
 * @example
 * const net = network({ sizes: [2, 3, 1] })
 * handcheck.formulas(net, "delta2 = (v2 - t) .* s'(u2)").verdict // => "correct"
 */
export const handcheck = Object.assign(byNumbersOrCode, { formulas, graph: handcheckGraph });
