import { compile, grad, tensor } from "@chainrule/autograd";

const slope = compile(grad((x) => x.mul(x).sin().sum()));
console.log(slope(tensor([1, 2])).toArray());
