/** The check of what somebody has, as it is: printed arrays, NumPy's files, tables, JSON, or a text of formulas. */

import { checkOptions, option, type OptionKinds } from "@chainrule/autograd";
import { fileErrors } from "../../locales/file-errors.ts";
import type { Words } from "../../locales/words.ts";
import type { Network } from "../../network/network.ts";
import type { FormulaReport } from "../formulas/report.ts";
import { describedIn } from "../intake/described.ts";
import type { Surroundings } from "../intake/gather.ts";
import { SourceError, type GivenRecord } from "../intake/given.ts";
import { Refusal } from "../intake/refusal.ts";
import { fromCode } from "../intake/sources/code.ts";
import { readFiles } from "../intake/sources/read.ts";
import { submissionOf } from "../intake/submission.ts";
import { isRecord, recordOf } from "../intake/values.ts";
import { handcheckKinds, type HandcheckOptions } from "../judge/options.ts";
import { checkSubmission } from "../judge/submitted.ts";
import type { Compared } from "../report/of-network.ts";
import type { Report } from "../report.ts";
import { formulasBeside } from "./formulas-beside.ts";
import { handedAs, handedBy, type Handed } from "./handed.ts";
import { tensorsOf } from "./tensors.ts";

/** A file as it was handed in; its name says what an array without one is called. */
export interface HandedFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** How files are checked. */
export interface FileOptions extends Omit<HandcheckOptions, "parameters"> {
  /** Says what stands in where the files say nothing of their network: `{ sizes, activations, cost }`. */
  readonly network?: {
    readonly sizes?: readonly number[];
    readonly activations?: string | readonly string[];
    readonly cost?: string;
  };
}

/** The report on files, and what it is about. */
export interface CheckedFiles {
  readonly report: Report | FormulaReport;
  /** The network as it was read. */
  readonly network: Network;
  /** The numbers behind the report, for `reportHtml`. */
  readonly tensors: readonly Compared[];
}

const { parameters: _, ...kinds } = handcheckKinds;
export const fileKinds: OptionKinds<FileOptions> = { ...kinds, network: option.record };

/**
 * Checks files as they are, as `chainrule check` does: `.npz`, `.npy`, `.csv`, `.json`, printed arrays, or formulas.
 *
 * @param files - one file, or several that hold an array each
 * @param options - the network where the files do not name it, digits, conventions
 * @returns the report, the network as it was read, the numbers
 * @throws Refusal for what cannot be used, FormulaError for formulas that cannot be read
 *
 * @example
 * const network = "W1 = [[1, 2], [3, 4]]\nb1 = [0, 0]\nx = [[1, 0]]\nt = [[1, 0]]\n"
 * const work = { name: "work.txt", content: network + "delta1 = [[-0.269, 0.953]]" }
 * const checked = await checkFiles([work], { network: { sizes: [2, 2], activations: "sigmoid", cost: "quadratic" } })
 * checked.report.roots[0]!.id // => "A2"
 */
export async function checkFiles(files: readonly HandedFile[], options: FileOptions = {}): Promise<CheckedFiles> {
  const { network, ...own } = checkOptions("checkFiles", options, fileKinds, {
    call: "checkFiles(files, { network, digits, decimals, convention, seed })",
  });
  const around = surroundingsOf(network);
  try {
    const read = await readFiles(
      files.map(({ name, content }) => ({
        name,
        bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
      })),
    );
    return judged(typeof read === "string" ? handedAs(read) : handedBy(read), around, own);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new Refusal([fileErrors.withAdvice({ what: error.says, advice: error.advises })]);
  }
}

/** Returns what is known of a network beside the files. */
export function surroundingsOf(network: FileOptions["network"]): Surroundings {
  if (network === undefined) return {};
  const given = fromCode({ network });
  return { otherwise: isRecord(given) ? given : recordOf(new Map()) };
}

function judged({ values, formulas, notes }: Handed, around: Surroundings, options: HandcheckOptions): CheckedFiles {
  if (formulas !== null) {
    const described = describedIn(values, around);
    return {
      ...formulasBeside(formulas, described, options, { seed: null, blank: described.data === null }),
      tensors: [],
    };
  }
  const { report, problem, hand, network } = submitted(values, around, options);
  return {
    report: { ...report, readAs: [...notes, ...(report.readAs ?? [])] satisfies Words[] },
    network,
    tensors: tensorsOf(problem, hand, report),
  };
}

/** Numbers know their sizes: a network beside them that does not fit is not theirs. */
function submitted(
  values: GivenRecord,
  around: Surroundings,
  options: HandcheckOptions,
): ReturnType<typeof checkSubmission> {
  try {
    return checkSubmission(submissionOf(values, around), options);
  } catch (error) {
    if (!(error instanceof Refusal) || around.otherwise === undefined) throw error;
    return checkSubmission(submissionOf(values, {}), options);
  }
}
