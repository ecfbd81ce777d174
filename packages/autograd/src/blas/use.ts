/** useBlas: matrix products by a library of the system, where one is found that multiplies rightly. */

import { ArgumentError, ConfigError } from "../errors.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import { setNativeProducts, type NativeProducts } from "../kernels/native.ts";
import { findKoffi, messageOf, type Koffi, type KoffiLibrary } from "./koffi.ts";
import { candidates, makerOf, type Threads } from "./libraries.ts";
import { productsOf } from "./products.ts";
import { selfTest } from "./self-test.ts";

/** Which library, and how it is to work. */
export interface BlasOptions {
  /** `false` switches back to WebAssembly. */
  readonly enabled?: boolean;
  /**
   * The library, by its path or by a name that the system's loader knows; before `CHAINRULE_BLAS` and the usual names.
   */
  readonly path?: string;
  /** How many threads it may use, where it can be told; as many as it likes where nothing is said. */
  readonly threads?: number;
}

const kinds: OptionKinds<BlasOptions> = {
  enabled: option.flag,
  path: { ...option.text, Refusal: ArgumentError },
  threads: { ...option.whole(1, 2 ** 16 - 1), Refusal: ConfigError },
};

/** A library is in use. */
export interface BlasFound {
  readonly found: true;
  /**
   * Who made it: `"OpenBLAS"`, `"Accelerate"`, `"MKL"`, `"BLIS"`, `"FlexiBLAS"`, or `"BLAS"` where that is not known.
   */
  readonly library: string;
  /** The path or the name that it was opened by. */
  readonly path: string;
  /** How many threads it uses; `null` where it does not say. */
  readonly threads: number | null;
}

/** No library is in use: products are computed in WebAssembly. */
export interface BlasAbsent {
  readonly found: false;
  /** Libraries that were looked for, and why each did not do. */
  readonly reasons: readonly string[];
}

/** A library that passed its test. */
interface Opened {
  readonly products: NativeProducts;
  readonly threads: Threads | null;
}

/**
 * Below these, plain loops and WebAssembly are as fast. Measured on an AMD EPYC with OpenBLAS 0.3.21 and Node 20: a
 * call costs a quarter of a microsecond from tensors, and half of one from a program, whose operands get a view each.
 */
const LEAST_WORK = 8 * 8 * 8;
const LEAST_WORK_IN_PROGRAM = 20 * 20 * 20;

/** Libraries stay open: programs that were made with them may still be called. */
const opened = new Map<string, Opened>();

/** Opens a library and puts it to the test; or says why it does not do. */
function open(koffi: Koffi, path: string, named: boolean): Opened | string {
  const known = opened.get(path);
  if (known !== undefined) return known;
  let library: KoffiLibrary;
  try {
    library = koffi.load(path);
  } catch (thrown) {
    return `${path}: not found (${messageOf(thrown)})`;
  }
  const maker = makerOf(library);
  if (maker === null && !named)
    return `${path}: of no known maker, and so perhaps the reference BLAS, which is slower than WebAssembly; CHAINRULE_BLAS=${path} uses it all the same`;
  let multiply: ReturnType<typeof productsOf>;
  try {
    multiply = productsOf(library);
  } catch (thrown) {
    return `${path}: a function is missing (${messageOf(thrown)})`;
  }
  let wrong: string | null;
  try {
    wrong = selfTest(multiply);
  } catch (thrown) {
    wrong = `a call failed (${messageOf(thrown)})`;
  }
  if (wrong !== null) return `${path}: ${wrong}`;
  let products = 0;
  const found: Opened = {
    products: {
      library: maker?.name ?? "BLAS",
      leastWork: LEAST_WORK,
      leastWorkInProgram: LEAST_WORK_IN_PROGRAM,
      multiply(...operands) {
        products++;
        multiply(...operands);
      },
      products: () => products,
    },
    threads: maker?.threads ?? null,
  };
  opened.set(path, found);
  return found;
}

/** The process of Node, where this is Node. */
interface Process {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly versions?: { readonly node?: string };
}

async function search(options: BlasOptions): Promise<BlasFound | BlasAbsent> {
  const { process } = globalThis as { readonly process?: Process };
  if (process?.versions?.node === undefined)
    return { found: false, reasons: ["this is not Node: libraries of the system are out of reach"] };
  const koffi = await findKoffi();
  if (typeof koffi === "string") return { found: false, reasons: [koffi] };
  const named = options.path ?? process.env["CHAINRULE_BLAS"] ?? "";
  const reasons: string[] = [];
  for (const path of named === "" ? candidates(process.platform) : [named]) {
    const one = open(koffi, path, named !== "");
    if (typeof one === "string") {
      reasons.push(one);
      continue;
    }
    if (options.threads !== undefined) one.threads?.set(options.threads);
    setNativeProducts(one.products);
    return { found: true, library: one.products.library, path, threads: one.threads?.get() ?? null };
  }
  return { found: false, reasons };
}

/**
 * Looks for a BLAS of the system (OpenBLAS, Accelerate, MKL, BLIS) and has it compute the products of matrices from
 * here on, eager ones and those of programs that are compiled from here on. It takes the package `koffi` and Node; a
 * library that multiplies wrongly in a test of small matrices is passed over. Where none is found, products stay in
 * WebAssembly, and the reasons are given. Each worker thread asks for itself.
 *
 * Off where it is not called: a BLAS is two to four times faster, but its last bits differ from machine to machine and
 * with the number of threads, and all else in this library gives equal bits everywhere.
 *
 * @param options - `enabled`, `path`, `threads`
 * @returns `{ found: true, library, path, threads }` or `{ found: false, reasons }`; it does not throw for want of a
 * library
 * @throws ConfigError for a number of threads that is not a whole number above 0; ArgumentError for a path that is no
 * text
 *
 * @example
 * const blas = await useBlas({ enabled: false })
 * blas.found // => false
 */
export async function useBlas(options?: BlasOptions): Promise<BlasFound | BlasAbsent>;
export async function useBlas(options?: BlasOptions, extra?: unknown): Promise<BlasFound | BlasAbsent> {
  const call = "useBlas({ enabled, path, threads })";
  refuseExtra("useBlas", extra, call);
  const checked = checkOptions("useBlas", options, kinds, { call });
  const { enabled } = checked;
  setNativeProducts(null);
  if (enabled === false) return { found: false, reasons: ["switched off by useBlas({ enabled: false })"] };
  return search(checked);
}
