/** What serves a loss that somebody typed: the library is at hand, and the page asks what it says of it. */

import * as autograd from "@chainrule/autograd";
import { lossTold, type LossQuestion } from "./loss.ts";
import { serve } from "./serve.ts";

serve({ "@chainrule/autograd": autograd }, (exports, question) => lossTold(exports, question as LossQuestion));
