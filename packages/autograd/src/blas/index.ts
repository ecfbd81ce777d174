/** The public names of `@chainrule/autograd/blas`, one by one. */

export { useBlas, type BlasAbsent, type BlasFound, type BlasOptions } from "./use.ts";
