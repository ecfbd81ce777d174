import { test } from "vitest";
import * as C from "../../src/index.ts";
import { gradientCheck, complexJacobian, numericJacobian } from "../../src/check/index.ts";
const T = C.tensor;
const rnd=(()=>{let s=12345;return()=>{s=(s*1103515245+12345)%2147483648;return s/2147483648*2-1}})();
const R=(...shape:number[])=>T(Float64Array.from({length:shape.reduce((a,b)=>a*b,1)},()=>rnd()),{shape}) as C.Tensor;
const P=(...shape:number[])=>C.add(C.abs(R(...shape)),0.3) as C.Tensor;
const unary=["exp","sin","cos","tan","tanh","sigmoid","relu","softplus","logSigmoid","erf","abs","neg"] as const;
const cases:[string,(...a:any[])=>unknown,any[],any?][]=[
 ...unary.map(n=>[n,(x:any)=>(C as any)[n](x),[R(2,3)]] as any),
 ["log",(x:any)=>C.log(x),[P(4)]],["sqrt",(x:any)=>C.sqrt(x),[P(4)]],
 ["pow",(x:any,y:any)=>C.pow(x,y),[P(4),R(4)]],["pow2",(x:any)=>C.pow(x,3),[R(4)]],["div",(x:any,y:any)=>C.div(x,y),[R(3,4),P(4)]],
 ["softmax",(x:any)=>C.softmax(x),[R(3,4)]],["softmax0",(x:any)=>C.softmax(x,0),[R(3,4)]],["softmax02",(x:any)=>C.softmax(x,[0,2]),[R(2,3,2)]],["logSoftmax",(x:any)=>C.logSoftmax(x,0),[R(3,4)]],["lse",(x:any)=>C.logSumExp(x,1),[R(3,4)]],
 ["norm",(x:any)=>C.norm(x,0),[R(3,4)]],["max",(x:any)=>C.max(x,1),[R(3,4)]],["min",(x:any)=>C.min(x),[R(3,4)]],["prod",(x:any)=>C.prod(x),[R(5)]],["var",(x:any)=>C.variance(x,1),[R(3,4)]],
 ["matmul",(a:any,b:any)=>C.matmul(a,b),[R(2,3),R(3,2)]],["matmulT",(a:any,b:any)=>C.matmul(a,b,{transposeA:true}),[R(3,2),R(3,2)]],
 ["clip",(x:any)=>C.clip(x,-.5,.5),[R(6)]],["max2",(x:any,y:any)=>C.maximum(x,y),[R(6),R(6)]],["where",(x:any)=>C.where(C.greater(x,0),C.mul(x,x),C.exp(x)),[R(6)]],
 ["gather",(x:any)=>C.gather(x,[0,0,2]),[R(3,2)]],["scatter",(x:any,u:any)=>C.scatterAdd(x,[0,0,2],u),[R(3,2),R(3,2)]],["slice/pad",(x:any)=>C.pad(C.slice(x,[1],[3]),[1,1]),[R(4,2)]],["concat",(x:any,y:any)=>C.concat([x,y],0),[R(2,2),R(1,2)]],
 ["net",(p:any,x:any)=>C.mean(C.logSumExp(C.add(C.matmul(C.relu(C.add(C.matmul(x,p.w[0]),p.b)),p.w[1]),0),1)),[{w:[R(4,5),R(5,3)],b:R(5)},R(6,4)]],
 ["scalar",(x:any)=>C.mul(x,C.sin(x)),[1.3]],["number result",(x:any)=>C.sum(C.mul(x,2)),[R(3)]],["empty",(x:any)=>C.sum(x),[C.zeros([0,3])]],["const",()=>3,[1]],
 ["big",(w:any,x:any)=>C.tanh(C.matmul(w,x)),[R(20,20),R(20)]],
 ["300x300",(x:any)=>{return C.tanh(C.matmul(W,x))},[R(300)]],
 ["f32",(x:any)=>C.sum(C.exp(C.mul(x,x))),[C.cast(R(5),"float32")]],
 ["f32net",(w:any,x:any)=>C.sum(C.tanh(C.matmul(w,x))),[C.cast(R(5,4),"float32"),C.cast(R(4,3),"float32")]],
 ["relu0",(x:any)=>C.relu(x),[T([0,1,-1])]],["abs0",(x:any)=>C.abs(x),[T([0,1,-1])]],["relu1e-7",(x:any)=>C.relu(x),[T([1e-7,1,-1e-9])]],
 ["sqrt0",(x:any)=>C.sqrt(x),[T([0,1])]],["log0",(x:any)=>C.log(x),[T([0,1])]],["log-1",(x:any)=>C.log(x),[T([-1,1])]],["1/0",(x:any)=>C.div(1,x),[T([0,1])]],["sqrt x2",(x:any)=>C.sqrt(C.mul(x,x)),[T([0,1])]],
 ["norm0",(x:any)=>C.norm(x),[T([0,0])]],["max tie",(x:any)=>C.max(x),[T([1,1])]],["where log",(x:any)=>C.where(C.greater(x,0),C.log(x),0),[T([0,1])]],["pow 0 2",(x:any)=>C.pow(x,2),[T([0,1])]],["pow .5",(x:any)=>C.pow(x,.5),[T([0,1])]],["sign",(x:any)=>C.sign(x),[T([0,1])]],["xlogx",(x:any)=>C.mul(x,C.log(x)),[T([0,1])]],
 ["noisy",(x:any)=>C.add(1e10,C.mul(x,x)),[T([.5,1])]],["steep",(x:any)=>C.exp(C.mul(1000,x)),[T([.01])]],["exp20tanh",(x:any)=>C.mul(C.exp(x),C.tanh(x)),[T([20])]],["far",(x:any)=>C.sigmoid(x),[T([-400,400,40,-800])]],["big x",(x:any)=>C.sin(x),[T([1e6,1e-6,1e12])]],
];
const W=R(300,300);
test.each(cases)("%s",(name,f,args)=>{
  const t=performance.now(); const r=gradientCheck(f,args as any); 
  console.log(name, r.status, r.evaluations, (performance.now()-t).toFixed(0)+"ms", r.status!=="passed"|| name.includes("f32")||name==="net"? "\n"+r.message:"");
});
