import { it } from "vitest";
import { backprop, table, type Problem } from "./plain.ts";
import { everywhere, fiftyFour, gap, part, run, SQUARE, RAGGED, accepted } from "./problems.ts";
it("x", () => {
  const flat = (s: any, d = false) => [...s.gradW, ...s.gradB, ...(d ? s.delta: [])].flat(3).filter((x: any) => x !== undefined);
  const missed = (change: (p: Problem) => Problem, tol = 1e-9, abs = false) => fiftyFour(change).filter((p) => {
    const [a, b] = [backprop(p.problem), run(p)];
    const [fa, fb] = [[a.gradW, a.gradB], [b.gradW, b.gradB]];
    return [0, 1].every((i) => fa[i]!.every((one: any, l: number) => {
      const x = [one].flat(3), y = [fb[i]![l]].flat(3) as number[];
      if (x.length !== y.length) return false;
      const size = Math.max(...x.map(Math.abs), ...y.map(Math.abs)) || 1;
      return x.every((v: number, k: number) => Math.abs(v - y[k]!) <= (abs ? tol : tol * size));
    }));
  }).map((p) => p.label);
  const show = (n: string, m: string[]) => console.log(n, m.length, m.join("; "));
  show("all", missed((p) => p));
  show("fastai", missed((p) => p, 0.01, true));
  show("N=1", missed((p) => ({ ...p, x: p.x.slice(0, 1), t: p.t.slice(0, 1) })));
  show("zero", missed((p) => ({ ...p, W: p.W.map((r) => r.map((x) => x.map(() => 0))), b: p.b.map((r) => r.map(() => 0)) })));
  show("sym", missed((p) => ({ ...p, W: p.W.map((r) => r.map((x, j) => x.map((w, k) => r[k]?.[j] === undefined ? w : (w + r[k]![j]!) / 2))) })));
  for (const s of [SQUARE, RAGGED]) for (const h of ["sigmoid", "tanh", "relu"] as const) { const e = everywhere(s, h); console.log(s, h, e.length, e.filter((p) => accepted(p).length > 1).map((p) => p.label + " " + accepted(p)).join("; ")); }
});
