import { tensor } from "@chainrule/autograd";
import { minimize } from "@chainrule/autograd/optimize";

console.log(minimize((x) => x.sub(1).pow(2).sum(), tensor([0, 3])).parameters.toArray());
