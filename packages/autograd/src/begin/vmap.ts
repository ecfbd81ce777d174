/** The mark where the code of `@chainrule/autograd/vmap` begins in a bundle. */

import { markLibrary } from "../caller.ts";

markLibrary("begin", new Error(), "begin/vmap");
