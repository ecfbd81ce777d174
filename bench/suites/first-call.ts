/** A process of its own: what the first compilation in it takes, with the first call, in milliseconds on stdout. */

import { trainingStep } from "./compiled-works.ts";

const { compiled, plain, number } = trainingStep();
const start = performance.now();
const result = compiled()();
const milliseconds = performance.now() - start;
const [cost, expected] = [number(result), number(plain())];
if (cost !== expected) throw new Error(`the compiled step gives ${cost} where ${expected} is right; nothing is timed`);
process.stdout.write(String(milliseconds));
