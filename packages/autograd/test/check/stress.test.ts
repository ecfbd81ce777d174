import { test } from "vitest";
import * as C from "../../src/index.ts";
import { gradientCheck } from "../../src/check/index.ts";
test("stress", () => {
  let s=987654321; const rnd=()=>{s^=s<<13;s^=s>>>17;s^=s<<5;return (s>>>0)/2**32};
  const un:any[]=[C.exp,C.sin,C.cos,C.tanh,C.sigmoid,C.relu,C.softplus,C.logSigmoid,C.erf,C.abs,C.neg,(x:any)=>C.log(C.add(C.mul(x,x),.01)),(x:any)=>C.sqrt(C.add(C.abs(x),1e-3)),C.tan,(x:any)=>C.softmax(x),(x:any)=>C.sub(x,C.mean(x)),(x:any)=>C.div(x,C.norm(x)),(x:any)=>C.pow(x,3),(x:any)=>C.clip(x,-1,1)];
  const bi:any[]=[C.add,C.sub,C.mul,(a:any,b:any)=>C.div(a,C.add(C.mul(b,b),.1)),C.maximum,C.minimum,(a:any,b:any)=>C.pow(C.add(C.abs(a),.1),b),(a:any,b:any)=>C.where(C.greater(a,b),a,C.mul(a,b))];
  const count:Record<string,number>={}; let shown=0; const T0=performance.now(); let N=0;
  for(let trial=0;trial<1500;trial++){
    const n=1+Math.floor(rnd()*4); const prog=Array.from({length:2+Math.floor(rnd()*9)},()=>[rnd(),rnd(),rnd(),rnd()]);
    const f=(x:any,y:any)=>{const v=[x,y]; for(const [k,a,b,c] of prog as any){const pick=(r:number)=>v[Math.floor((1-r*r)*v.length*.9999999)]; v.push(k<.55?un[Math.floor(a*un.length)](pick(b)):bi[Math.floor(a*bi.length)](pick(b),pick(c)));} return v.at(-1)};
    const P=()=>C.tensor(Float64Array.from({length:n},()=>rnd()<.1?[0,1,-1,.5][Math.floor(rnd()*4)]!:(rnd()*2-1)*(rnd()<.1?20:2)));
    const args=[P(),P()];
    const r=gradientCheck(f as any,args as any); N++;
    count[r.status]=(count[r.status]??0)+1;
    if(r.status==="failed"){const c=r.checks.find(c=>c.status==="failed")!; const key="F "+c.what+c.order; count[key]=(count[key]??0)+1; if(shown++<14) console.log(trial, JSON.stringify(c.worst), c.what,c.order,c.failed,"/",c.compared, JSON.stringify(args.map(a=>Array.from(a.toTypedArray()))), "val", String((f as any)(...args)))}
    if(r.status==="inconclusive"){const c=r.checks.find(c=>c.status==="inconclusive")!; const key="I "+c.note; count[key]=(count[key]??0)+1;}
  }
  console.log(count, (performance.now()-T0)/N,"ms each");
}, 600000);
