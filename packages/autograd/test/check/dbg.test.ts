import { test } from "vitest";
import * as C from "../../src/index.ts";
import { tapeOf, complexAlong } from "../../src/check/complex-step.ts";
test("x",()=>{
  const f=(v0:any,v1:any)=>{const v3=C.maximum(v0,v0); const v8=C.erf(v3); return C.add(C.softmax(v1),C.sub(v8,v3))}; const a=C.tensor([.5,13.70275555178523]), x=C.tensor([15.93226526863873, 0.8010266572237015]);
  const s=C.tensor([1.3,-.7]);
  const G=(xs:any)=>[...C.vjp((y:any)=>f(y[0],y[1]),xs).pullback(s as any)[0]];
  const sub:any={run:G,leaves:[a,x],value:G([a,x])};
  const t=tapeOf(sub); console.log(t.order.nodes.map(n=>n.op.name+":"+n.inputs.map(i=>i.node?.op.name).join(",")), complexAlong(t,2), complexAlong(t,0));
});
