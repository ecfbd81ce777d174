/** Questions of the command and their answers: plain values, so that they cross between threads. */

import type { GivenRecord } from "../handcheck/intake/given.ts";
import type { Differing } from "../handcheck/intake/other-numbers.ts";
import type { Document } from "../handcheck/report/document.ts";
import type { Compared } from "../handcheck/report/of-network.ts";
import type { ComparedArray as OpCompared, OpFindings, Report } from "../handcheck/report.ts";
import type { Language, Words } from "../locales/words.ts";
import type { ConventionName, ExampleName } from "./usage.ts";

/** A network as data: what `network()` takes, without functions. */
export interface NetworkSpec {
  readonly sizes: readonly number[];
  readonly activations?: string | readonly string[];
  readonly cost?: string;
  readonly seed?: number | string;
  readonly parameters?: Readonly<Record<string, readonly (readonly number[])[] | readonly number[]>>;
}

export const derivationFormats = ["text", "markdown", "latex", "mathml", "typescript", "json"] as const;
export type DerivationFormat = (typeof derivationFormats)[number];

/** The job of a check: what is checked, and how. */
export interface CheckJob {
  readonly kind: "check";
  /** An absolute path; `null` for the numbers of a built-in example, and for standard input. */
  readonly file: string | null;
  /** Further files of arrays, by their absolute paths. */
  readonly more: readonly string[];
  /**
   * A teacher's file, by its absolute path, read in a process of its own: its network, data, cost and parameters stand
   * in where `file` says nothing; its kernel's `like`, family, shapes and numbers are what a submitted kernel is judged
   * by.
   */
  readonly reference: string | null;
  /** The exercise of the reference, where it is known already: then the file itself is not read again. */
  readonly exercise: GivenRecord | null;
  /** The file is a reference, looked at by itself. */
  readonly teaches: boolean;
  /** The file is a stranger's: it runs where it has nothing to read, to write or to start. */
  readonly sandbox: boolean;
  /** The bytes of standard input; `null` where nothing was asked of it. */
  readonly input: Uint8Array | null;
  /** Names of printed arrays that have none. */
  readonly names: readonly string[];
  /** The Python that runs a `.py` or `.ipynb`. */
  readonly python: string | null;
  /** The function of the file that is judged. */
  readonly function: string | null;
  /** Which pass of a script. */
  readonly pass: number;
  /** The last cell of a notebook that is run. */
  readonly cell: number | null;
  /** The memory that a person's code may take, in MiB. */
  readonly memory: number;
  readonly example: ExampleName | null;
  readonly network: NetworkSpec | null;
  /** The words of `--net`, where nobody has read them yet, and the folder in which the user stands. */
  readonly net: { readonly text: string; readonly from: string } | null;
  /** The cost that `--cost` named: it holds for whatever network there is. */
  readonly cost: string | null;
  readonly convention: ConventionName;
  readonly dtype: "f64" | "f32" | "f16" | "bf16" | null;
  readonly digits: number | null;
  readonly decimals: number | null;
  readonly seed: number | null;
  readonly lang: Language;
  /** True if the page needs the numbers themselves. */
  readonly tensors: boolean;
  /** True if the derivation of the network is shown. */
  readonly derivation: boolean;
}

export interface DeriveJob {
  readonly kind: "derive";
  readonly example: ExampleName | null;
  readonly network: NetworkSpec | null;
  readonly cost: string | null;
  readonly seed: number | null;
  readonly lang: Language;
  readonly format: DerivationFormat;
  /** Columns of a line of text. */
  readonly width: number;
  readonly notation: string;
}

export type Job = CheckJob | DeriveJob;

/** A fault of what was handed in: what, what to do, and where. */
export interface Fault {
  readonly message: string;
  /** The same in Chinese, where there is one: what Node and user code say is as it is. */
  readonly zh?: string;
  readonly advice: string;
  /** The same in Chinese, where there is one. */
  readonly adviceZh?: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** Further faults of it. */
  readonly also?: readonly Words[];
}

export type Answer =
  | {
      readonly kind: "report";
      readonly report: Report;
      readonly tensors: readonly Compared[];
      readonly derivation: Document | null;
      readonly exercise: GivenRecord;
      /** Quantities whose numbers, as they were handed in, are not the reference's. */
      readonly others: readonly Differing[];
      readonly line: number | null;
    }
  /** Of a kernel or of a graph. */
  | { readonly kind: "opReport"; readonly findings: OpFindings; readonly tensors: readonly OpCompared[] }
  | { readonly kind: "derivation"; readonly text: string }
  /** The verdict is `contract`; `op` names the kernel or the graph that it is about. */
  | { readonly kind: "fault"; readonly fault: Fault; readonly op?: string }
  /** The command was called wrongly in a way that only the file could show. */
  | { readonly kind: "usage"; readonly says: Words; readonly advises: Words }
  | { readonly kind: "internal"; readonly message: string; readonly stack: string };
