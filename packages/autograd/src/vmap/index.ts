/** The public names of `@chainrule/autograd/vmap`, one by one. */

import "../begin/vmap.ts";
import { markLibrary } from "../caller.ts";
import "./seeds.ts";

export type { Axes } from "./axes.ts";
export { sparseJacobian, SparseMatrix, type SparseJacobianOptions, type SparsePattern } from "./sparse.ts";
export { vmap, type VmapOptions } from "./vmap.ts";

markLibrary("end", new Error());
