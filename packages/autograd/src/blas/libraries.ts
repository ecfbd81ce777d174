/** The libraries that are looked for, by system, and how they are told apart once they are open. */

import type { KoffiLibrary, Native } from "./koffi.ts";

const linux = [
  "libopenblas.so.0",
  "libopenblas.so",
  "libmkl_rt.so.2",
  "libmkl_rt.so.1",
  "libmkl_rt.so",
  "libblis.so.4",
  "libblis.so",
  "libflexiblas.so.3",
  "libcblas.so.3",
  "libblas.so.3",
  "libcblas.so",
  "libblas.so",
];

/** The names to try, the fastest first. */
export function candidates(platform: string): readonly string[] {
  switch (platform) {
    case "darwin":
      return [
        "/System/Library/Frameworks/Accelerate.framework/Accelerate",
        "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
        "/usr/local/opt/openblas/lib/libopenblas.dylib",
        "libopenblas.dylib",
        "libmkl_rt.2.dylib",
      ];
    case "win32":
      return ["libopenblas.dll", "openblas.dll", "mkl_rt.2.dll", "mkl_rt.1.dll"];
    default:
      return linux;
  }
}

/** A maker's library: a function that only it has, and how its threads are counted and set. */
interface Maker {
  readonly name: string;
  readonly sign: string;
  readonly threads: { readonly get: string; readonly set: string; readonly type: "int" | "int64_t" } | null;
}

const makers: readonly Maker[] = [
  {
    name: "OpenBLAS",
    sign: "openblas_get_config",
    threads: { get: "openblas_get_num_threads", set: "openblas_set_num_threads", type: "int" },
  },
  {
    name: "MKL",
    sign: "MKL_Get_Max_Threads",
    threads: { get: "MKL_Get_Max_Threads", set: "MKL_Set_Num_Threads", type: "int" },
  },
  {
    name: "BLIS",
    sign: "bli_thread_get_num_threads",
    threads: { get: "bli_thread_get_num_threads", set: "bli_thread_set_num_threads", type: "int64_t" },
  },
  { name: "Accelerate", sign: "appleblas_sgeadd", threads: null },
  {
    name: "FlexiBLAS",
    sign: "flexiblas_get_version",
    threads: { get: "flexiblas_get_num_threads", set: "flexiblas_set_num_threads", type: "int" },
  },
];

/** How many threads a library uses, and a way to change that. */
export interface Threads {
  get(): number;
  set(count: number): void;
}

/** A function of a library; `null` where it has none of that name. */
function optional(library: KoffiLibrary, name: string, result: string, takes: readonly string[]): Native | null {
  try {
    return library.func(name, result, takes);
  } catch {
    return null;
  }
}

/** Who made a library, and its threads; `null` where no sign of a maker is found, as in the reference BLAS. */
export function makerOf(library: KoffiLibrary): { readonly name: string; readonly threads: Threads | null } | null {
  const maker = makers.find(({ sign }) => optional(library, sign, "int", []) !== null);
  if (maker === undefined) return null;
  const { name, threads } = maker;
  const get = threads === null ? null : optional(library, threads.get, threads.type, []);
  const set = threads === null ? null : optional(library, threads.set, "void", [threads.type]);
  return {
    name,
    threads: get === null || set === null ? null : { get: () => Number(get()), set: (count) => void set(count) },
  };
}
