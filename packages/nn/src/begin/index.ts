/** The mark where the code of `@chainrule/nn` begins in a bundle. */

import { markLibrary } from "@chainrule/autograd";

markLibrary("begin", new Error(), "begin/index");
