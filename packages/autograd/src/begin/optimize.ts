/** The mark where the code of `@chainrule/autograd/optimize` begins in a bundle. */

import { markLibrary } from "../caller.ts";

markLibrary("begin", new Error(), "begin/optimize");
