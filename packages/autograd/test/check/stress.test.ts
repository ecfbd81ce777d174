import { test } from "vitest";
import * as C from "../../src/index.ts";
import { gradientCheck } from "../../src/check/index.ts";
test("stress", () => {
  let s=987654321; const rnd=()=>{s^=s<<13;s^=s>>>17;s^=s<<5;return (s>>>0)/2**32};
  const un:any[]=[C.exp,C.sin,C.cos,C.tanh,C.sigmoid,C.relu,C.softplus,C.logSigmoid,C.erf,C.abs,C.neg,(x:any)=>C.log(C.add(C.mul(x,x),.01)),(x:any)=>C.sqrt(C.add(C.abs(x),1e-3)),C.tan,(x:any)=>C.softmax(x),(x:any)=>C.sub(x,C.mean(x)),(x:any)=>C.div(x,C.norm(x)),(x:any)=>C.pow(x,3),(x:any)=>C.clip(x,-1,1)];
  const bi:any[]=[C.add,C.sub,C.mul,(a:any,b:any)=>C.div(a,C.add(C.mul(b,b),.1)),C.maximum,C.minimum,(a:any,b:any)=>C.pow(C.add(C.abs(a),.1),b),(a:any,b:any)=>C.where(C.greater(a,b),a,C.mul(a,b))];
  const BAD=process.env.BAD?C.customGradient({name:'bad',forward:(x:any)=>C.mul(x,1) as any,vjp:(g:any)=>C.mul(g,1.0005) as any}):(x:any)=>x; const count:Record<string,number>={}; let shown=0; const T0=performance.now(); let N=0;
  for(let trial=0;trial<+(process.env.N??1500);trial++){
    const n=1+Math.floor(rnd()*4); const prog=Array.from({length:2+Math.floor(rnd()*9)},()=>[rnd(),rnd(),rnd(),rnd()]);
    const f=(x:any,y:any)=>{const v=[x,y]; for(const [k,a,b,c] of prog as any){const pick=(r:number)=>v[Math.floor((1-r*r)*v.length*.9999999)]; v.push(k<.55?un[Math.floor(a*un.length)](pick(b)):bi[Math.floor(a*bi.length)](pick(b),pick(c)));} return BAD(v.at(-1))};
    const P=()=>C.tensor(Float64Array.from({length:n},()=>rnd()<.1?[0,1,-1,.5][Math.floor(rnd()*4)]!:(rnd()*2-1)*(rnd()<.1?20:2)));
    const args=[P(),P()];
    const r=gradientCheck(f as any,args as any); N++;
    count[r.status]=(count[r.status]??0)+1;
    if(r.status==="failed"){const c=r.checks.find(c=>c.status==="failed")!; const key="F "+c.what+c.order; count[key]=(count[key]??0)+1; if(process.env.BAD&&r.status==='passed'){const J=C.jacobian(((x:any)=>f(x,args[1])) as any)(args[0]!), K=C.jacobian(((x:any)=>f(args[0],x)) as any)(args[1]!); const m=Math.max(...Array.from(J.toTypedArray()),...Array.from(K.toTypedArray()),-Math.min(...Array.from(J.toTypedArray()),...Array.from(K.toTypedArray()))); if(m>0) console.log('MISSED',trial,m)} if((process.env.SHOW??"").split(",").includes(String(trial))){ const V:any[]=[args[0],args[1]]; const nm=(g:any)=>(g.op?.name??String(g)).replace(/__vite_ssr_import_\d__/g,'C');
 for(const [k,a,b,c] of prog as any){const pick=(r:number)=>Math.floor((1-r*r)*V.length*.9999999); const i=pick(b),j=pick(c); const g=k<.55?un[Math.floor(a*un.length)]:bi[Math.floor(a*bi.length)]; V.push(g(V[i],V[j])); console.log('   v'+(V.length-1),nm(g),'v'+i,k<.55?'':'v'+j,'=',JSON.stringify(V.at(-1).toArray()));} }
 if(shown++<14) console.log(trial, JSON.stringify(c.worst), c.what,c.order,c.failed,"/",c.compared, JSON.stringify(args.map(a=>Array.from(a.toTypedArray()))), "val", String((f as any)(...args)))}
    if(r.status==="inconclusive"){const c=r.checks.find(c=>c.status==="inconclusive")!; const key="I "+c.note; count[key]=(count[key]??0)+1;}
  }
  console.log(count, (performance.now()-T0)/N,"ms each");
}, 600000);
