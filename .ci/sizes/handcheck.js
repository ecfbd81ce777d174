import { handcheck } from "@chainrule/nn/handcheck";

console.log(handcheck);
