/** Loads the kernels in vectors, for whoever imports this. */

import { loadVectorKernels } from "../../../kernels/vectors.ts";
import { makeBlockLoop, makeJointBlockLoop } from "./loops.ts";
import { multiply } from "./matmul.ts";

loadVectorKernels({ makeBlockLoop, makeJointBlockLoop, multiply });
