import { grad, tensor } from "@chainrule/autograd";

console.log(grad((x) => x.mul(x).sin().sum())(tensor([1, 2])).toArray());
