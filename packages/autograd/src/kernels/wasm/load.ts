/** Loads the kernels in vectors, for whoever imports this. */

import { loadVectorKernels } from "../vectors.ts";
import { makeBlockLoop } from "./eager-loops.ts";
import { multiplyInWasm } from "./eager-matmul.ts";

loadVectorKernels({ makeBlockLoop, multiply: multiplyInWasm });
