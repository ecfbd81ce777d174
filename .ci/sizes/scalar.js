import { grad, mul, sin } from "@chainrule/autograd/scalar";

console.log(grad((x) => mul(x, sin(x)))(2).item());
