/** The public names of `@chainrule/autograd/blas`, one by one. */

import "../begin/blas.ts";
import { markLibrary } from "../caller.ts";

export { useBlas, type BlasAbsent, type BlasFound, type BlasOptions } from "./use.ts";

markLibrary("end", new Error());
