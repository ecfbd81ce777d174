/** Loads the kernels in vectors, for whoever imports this. */

import { loadVectorKernels } from "../../../kernels/vectors.ts";
import { makeBlockLoop } from "./loops.ts";
import { multiplyInWasm } from "./matmul.ts";

loadVectorKernels({ makeBlockLoop, multiply: multiplyInWasm });
