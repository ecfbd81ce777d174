/** What must be refused, and how. The error has to name the line of the call, which stands here. */

import {
  add,
  arange,
  ArgumentError,
  backward,
  broadcastTo,
  cast,
  clip,
  concat,
  ConfigError,
  dot,
  DTypeError,
  eye,
  flip,
  full,
  gather,
  grad,
  GraphError,
  IndexRangeError,
  jacobian,
  jvp,
  less,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  mul,
  NonFiniteError,
  norm,
  ones,
  outer,
  pad,
  pow,
  reshape,
  scatterAdd,
  ShapeError,
  SizeError,
  slice,
  softmax,
  split,
  stack,
  sub,
  sum,
  tanh,
  tensor,
  transpose,
  variance,
  vjp,
  where,
  zeros,
  type DType,
  type Tensor,
} from "../../src/index.ts";

type Refusal = abstract new (...details: never[]) => Error;

export interface BadInput {
  /** What is wrong with the call. */
  readonly what: string;
  readonly call: () => unknown;
  readonly of: Refusal;
  readonly code: string;
  readonly op: string;
  /** What the message says beyond op, shapes and hint. */
  readonly says: RegExp;
}

const bad = (what: string, of: Refusal, code: string, op: string, says: RegExp, call: () => unknown): BadInput => ({
  what,
  call,
  of,
  code,
  op,
  says,
});

/** What no type checker has seen. */
const untyped = (value: unknown): never => value as never;

const v2 = (): Tensor => tensor([1, 2]);
const m23 = (): Tensor =>
  tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
const i2 = (): Tensor => tensor([0, 1], { dtype: "int32" });
const f2 = (): Tensor => tensor([1, 2], { dtype: "float32" });
const empty = (): Tensor => zeros([0, 2]);
const mask = (): Tensor => tensor([true, false]);
const variable = (): Tensor => tensor([1, 2], { requiresGrad: true });
const spent = (): Tensor => {
  const x = tensor(2, { requiresGrad: true });
  const y = mul(x, x);
  backward(y);
  return y;
};

export const sizes: readonly BadInput[] = [
  bad("a negative size", SizeError, "SIZE", "zeros", /size -1 of axis 0/, () => zeros([-1])),
  bad("a fractional size", SizeError, "SIZE", "zeros", /size 1\.5 of axis 1/, () => zeros([2, 1.5])),
  bad("a size that is not a number", SizeError, "SIZE", "ones", /size NaN/, () => ones([NaN])),
  bad("an infinite size", SizeError, "SIZE", "ones", /size Infinity/, () => ones([Infinity])),
  bad("a size in words", SizeError, "SIZE", "full", /size "3" of axis 0/, () => full(untyped(["3"]), 1)),
  bad("a size beyond the safe integers", SizeError, "SIZE", "zeros", /9007199254740992/, () => zeros([2 ** 53])),
  bad("an unsafe size beside a zero", SizeError, "SIZE", "zeros", /size/, () => zeros([0, 2 ** 62])),
  bad("no list of sizes", ArgumentError, "ARGUMENT", "zeros", /a shape must be a list/, () => zeros(untyped(3))),
  bad("a fractional identity", SizeError, "SIZE", "eye", /size 2\.5/, () => eye(2.5)),
  bad("an endless range", ArgumentError, "ARGUMENT", "arange", /from 0 to Infinity/, () => arange(0, Infinity)),
  bad("more elements than memory", SizeError, "SIZE", "zeros", /elements, more than/, () => zeros([2 ** 31, 2 ** 31])),
  bad("a broadcast beyond memory", SizeError, "SIZE", "broadcastTo", /elements, more than/, () =>
    broadcastTo(tensor(1), [2 ** 20, 2 ** 20]),
  ),
  bad("a product beyond memory", SizeError, "SIZE", "matmul", /elements, more than/, () =>
    matmul(zeros([2 ** 20, 1]), zeros([1, 2 ** 20])),
  ),
];

export const data: readonly BadInput[] = [
  bad("too few numbers", ShapeError, "SHAPE", "tensor", /3 numbers do not fill.*holds 4/, () =>
    tensor([1, 2, 3], { shape: [2, 2] }),
  ),
  bad("ragged rows", ShapeError, "SHAPE", "tensor", /ragged/, () => tensor(untyped([[1, 2], [3]]))),
  bad("a number among rows", ShapeError, "SHAPE", "tensor", /ragged/, () => tensor(untyped([[1], 2]))),
  bad("a row among numbers", ShapeError, "SHAPE", "tensor", /ragged/, () => tensor(untyped([1, [2]]))),
  bad("a hole", ArgumentError, "ARGUMENT", "tensor", /entry 1 is undefined/, () =>
    tensor(untyped(Object.assign(new Array(3), { 0: 1, 2: 3 }))),
  ),
  bad("a text", ArgumentError, "ARGUMENT", "tensor", /entry 0 is "x"/, () => tensor(untyped("x"))),
  bad("a BigInt", ArgumentError, "ARGUMENT", "tensor", /entry 0 is a BigInt/, () => tensor(untyped([1n]))),
  bad("null", ArgumentError, "ARGUMENT", "tensor", /entry 1 is null/, () => tensor(untyped([1, null]))),
  bad("an object", ArgumentError, "ARGUMENT", "tensor", /entry 0 is an object/, () => tensor(untyped({ length: 1 }))),
  bad("a tensor", ArgumentError, "ARGUMENT", "tensor", /a tensor already/, () => tensor(untyped(v2()))),
  bad("a fill that is no number", ArgumentError, "ARGUMENT", "full", /value is "1"/, () => full([2], untyped("1"))),
  bad("an array as an operand", ArgumentError, "ARGUMENT", "add", /an operand is an array/, () =>
    add(v2(), untyped([1, 2])),
  ),
  bad("null as an operand", ArgumentError, "ARGUMENT", "sum", /an operand is null/, () => sum(untyped(null))),
  bad("a look-alike of a tensor", ArgumentError, "ARGUMENT", "mul", /an operand is object/, () =>
    mul(v2(), untyped({ shape: [2], dtype: "float64", storage: [1, 2] })),
  ),
];

export const types: readonly BadInput[] = [
  bad("an unknown dtype", DTypeError, "DTYPE", "tensor", /dtype is "float16"/, () =>
    tensor([1], { dtype: untyped("float16") }),
  ),
  bad("an unknown dtype to cast to", DTypeError, "DTYPE", "cast", /unknown dtype/, () =>
    cast(v2(), untyped("int64") as DType),
  ),
  bad("a gradient of whole numbers", DTypeError, "DTYPE", "tensor", /requiresGrad on int32/, () =>
    tensor([1], { dtype: "int32", requiresGrad: true }),
  ),
  bad("a gradient of truths", DTypeError, "DTYPE", "tensor", /requiresGrad on bool/, () =>
    tensor([true], { requiresGrad: true }),
  ),
  bad("two float types", DTypeError, "DTYPE", "add", /float64 and float32: cast one of them/, () => add(v2(), f2())),
  bad("floats beside whole numbers", DTypeError, "DTYPE", "maximum", /float64 and int32.*cast/, () =>
    maximum(v2(), i2()),
  ),
  bad("two types in a product", DTypeError, "DTYPE", "matmul", /float64 and float32.*cast/, () => matmul(v2(), f2())),
  bad("two types in a list", DTypeError, "DTYPE", "concat", /float64 and float32.*cast/, () => concat([v2(), f2()])),
  bad("two types in a choice", DTypeError, "DTYPE", "where", /float64 and float32.*cast/, () =>
    where(mask(), v2(), f2()),
  ),
  bad("a condition of numbers", DTypeError, "DTYPE", "where", /condition is float64/, () => where(v2(), 1, 0)),
  bad("a fraction beside whole numbers", DTypeError, "DTYPE", "mul", /0\.5 beside an int32/, () => mul(i2(), 0.5)),
  bad("a function of whole numbers", DTypeError, "DTYPE", "tanh", /not defined for int32/, () => tanh(i2())),
  bad("a mean of truths", DTypeError, "DTYPE", "mean", /not defined for bool/, () => mean(mask())),
  bad("a NaN as a whole number", NonFiniteError, "NON_FINITE", "cast", /NaN at entry 1/, () =>
    cast(tensor([1, NaN]), "int32"),
  ),
];

export const shapes: readonly BadInput[] = [
  bad(
    "shapes that do not broadcast",
    ShapeError,
    "SHAPE",
    "sub",
    /\[2, 3\] with \[2\]: axis -1 is 3 in one and 2/,
    () => sub(m23(), v2()),
  ),
  bad("a choice that does not broadcast", ShapeError, "SHAPE", "where", /cannot broadcast/, () =>
    where(mask(), m23(), 0),
  ),
  bad("a target that does not fit", ShapeError, "SHAPE", "broadcastTo", /does not broadcast to/, () =>
    broadcastTo(m23(), [3, 3]),
  ),
  bad("an axis out of range", IndexRangeError, "INDEX", "sum", /axis 2 does not exist.*2 axes/, () => sum(m23(), 2)),
  bad("an axis too far back", IndexRangeError, "INDEX", "softmax", /axis -2 does not exist/, () => softmax(v2(), -2)),
  bad("a fractional axis", IndexRangeError, "INDEX", "max", /axis 0\.5/, () => max(v2(), 0.5)),
  bad("a repeated axis", IndexRangeError, "INDEX", "sum", /repeat an axis/, () => sum(m23(), untyped([0, -2]))),
  bad("an axis of a scalar", IndexRangeError, "INDEX", "logSumExp", /a scalar has no axes/, () =>
    logSumExp(tensor(1) as Tensor, 0),
  ),
  bad("an axis of a list", IndexRangeError, "INDEX", "concat", /axis 1/, () => concat([v2(), v2()], 1)),
  bad("an axis of a stack", IndexRangeError, "INDEX", "stack", /axis 3/, () => stack([v2(), v2()], 3)),
  bad("an axis to flip", IndexRangeError, "INDEX", "flip", /axis 1/, () => flip(v2(), 1)),
  bad("a reshape to another count", ShapeError, "SHAPE", "reshape", /\[2, 3\] holds 6 numbers and \[4\] holds 4/, () =>
    reshape(m23(), [4]),
  ),
  bad("two open sizes", ShapeError, "SHAPE", "reshape", /leaves two sizes open/, () =>
    reshape(m23(), untyped([-1, -1])),
  ),
  bad("an open size of nothing", ShapeError, "SHAPE", "reshape", /could be anything/, () =>
    reshape(empty(), untyped([-1, 0])),
  ),
  bad("an open size that does not divide", ShapeError, "SHAPE", "reshape", /does not divide/, () =>
    reshape(m23(), [4, -1]),
  ),
  bad("inner sizes that differ", ShapeError, "SHAPE", "matmul", /inner sizes 3 and 2 differ/, () =>
    matmul(m23(), m23()),
  ),
  bad("batches that do not broadcast", ShapeError, "SHAPE", "matmul", /cannot broadcast \[2\] with \[3\]/, () =>
    matmul(zeros([2, 1, 1]) as Tensor, zeros([3, 1, 1]) as Tensor),
  ),
  bad("a product with a scalar", ShapeError, "SHAPE", "matmul", /a scalar has no rows/, () =>
    matmul(m23(), tensor(1) as Tensor),
  ),
  bad("a dot product of two lengths", ShapeError, "SHAPE", "dot", /lengths 2 and 3 differ/, () =>
    dot(v2(), tensor([1, 2, 3]) as Tensor),
  ),
  bad("an outer product of a matrix", ShapeError, "SHAPE", "outer", /two vectors/, () => outer(m23(), v2())),
  bad("a permutation that repeats", IndexRangeError, "INDEX", "transpose", /no permutation/, () =>
    transpose(m23(), untyped([0, 0])),
  ),
  bad("a permutation that is too short", IndexRangeError, "INDEX", "transpose", /no permutation/, () =>
    transpose(m23(), untyped([0])),
  ),
  bad("nothing to join", ArgumentError, "ARGUMENT", "concat", /no tensor/, () => concat(untyped([]))),
  bad("nothing to stack", ArgumentError, "ARGUMENT", "stack", /no tensor/, () => stack(untyped([]))),
  bad("parts that do not join", ShapeError, "SHAPE", "concat", /do not fit together/, () =>
    concat([m23(), zeros([1, 2])]),
  ),
  bad("parts that do not stack", ShapeError, "SHAPE", "stack", /all shapes must be equal/, () =>
    stack([v2(), zeros([3]) as Tensor]),
  ),
  bad("parts that do not add up", ShapeError, "SHAPE", "split", /do not add up to 2/, () => split(v2(), [1, 2])),
  bad("too many bounds", ShapeError, "SHAPE", "slice", /at most one bound/, () => slice(v2(), [0, 0])),
  bad("a bound outside its axis", IndexRangeError, "INDEX", "slice", /bound 3 lies outside axis 0/, () =>
    slice(v2(), [0], [3]),
  ),
  bad("a step of zero", IndexRangeError, "INDEX", "slice", /step 0/, () => slice(v2(), [0], [2], [0])),
  bad("too few widths", ShapeError, "SHAPE", "pad", /one width/, () => pad(m23(), [1])),
  bad("more than one number to read", ShapeError, "SHAPE", "item", /\[2\] is not one number/, () => v2().item()),
];

export const indices: readonly BadInput[] = [
  bad("an index out of range", IndexRangeError, "INDEX", "gather", /index 2 at position 1/, () => gather(v2(), [0, 2])),
  bad("a negative index", IndexRangeError, "INDEX", "gather", /index -1 at position 0/, () => gather(v2(), [-1])),
  bad("a fractional index", IndexRangeError, "INDEX", "gather", /index 0\.5/, () => gather(v2(), [0.5])),
  bad("an index that is NaN", IndexRangeError, "INDEX", "gather", /index NaN/, () => gather(v2(), [NaN])),
  bad("an index into nothing", IndexRangeError, "INDEX", "gather", /axis of size 0.*empty/, () => gather(empty(), [0])),
  bad("indices of floats", DTypeError, "DTYPE", "gather", /indices are float64/, () => gather(v2(), v2())),
  bad("indices of truths", DTypeError, "DTYPE", "gather", /indices are bool/, () => gather(v2(), mask())),
  bad("no indices", ArgumentError, "ARGUMENT", "gather", /no indices/, () => gather(v2(), untyped(null))),
  bad("an index to add at", IndexRangeError, "INDEX", "scatterAdd", /index 5 at position 1/, () =>
    scatterAdd(v2(), [0, 5], v2()),
  ),
  bad("updates of another shape", ShapeError, "SHAPE", "scatterAdd", /updates have shape \[2, 3\]/, () =>
    scatterAdd(v2(), [0, 1], m23()),
  ),
];

export const settings: readonly BadInput[] = [
  bad("the largest of nothing", SizeError, "SIZE", "max", /nothing to choose from/, () => max(empty(), 0)),
  bad("the smallest of nothing", SizeError, "SIZE", "min", /nothing to choose from/, () => min(empty())),
  bad("bounds in the wrong order", ConfigError, "CONFIG", "clip", /1 and -1 are not in order/, () => clip(v2(), 1, -1)),
  bad("a bound that is NaN", ConfigError, "CONFIG", "clip", /NaN/, () => clip(v2(), NaN, 1)),
  bad("an unknown norm", ConfigError, "CONFIG", "norm", /order is 3/, () => norm(v2(), 0, { order: untyped(3) })),
  bad("a negative correction", ConfigError, "CONFIG", "var", /ddof is -1/, () => variance(v2(), 0, { ddof: -1 })),
  bad("an unknown mode", ConfigError, "CONFIG", "jacobian", /mode is "diagonal"/, () =>
    jacobian((x: Tensor) => x, { mode: untyped("diagonal") }),
  ),
];

export const derivatives: readonly BadInput[] = [
  bad("a sweep back from several numbers", ShapeError, "NON_SCALAR", "backward", /\[2\] has no single derivative/, () =>
    backward(mul(variable(), 2)),
  ),
  bad("a seed of another shape", ShapeError, "SHAPE", "backward", /\[3\] and the tensor \[2\]/, () =>
    backward(mul(variable(), 2), { seed: ones([3]) }),
  ),
  bad("a seed of another type", DTypeError, "DTYPE", "backward", /float32 and the tensor float64/, () =>
    backward(mul(variable(), 2), { seed: f2() }),
  ),
  bad("a second sweep", GraphError, "GRAPH_FREED", "backward", /freed by an earlier backward/, () => backward(spent())),
  bad("a sweep from a constant", GraphError, "NO_GRAD", "backward", /not computed from anything that requires/, () =>
    backward(tensor(1)),
  ),
  bad("a loss that is no scalar", GraphError, "NON_SCALAR", "grad", /\[2\], and only a scalar/, () =>
    grad((x: Tensor) => mul(x, 2))(v2()),
  ),
  bad("a loss that is no tensor", ArgumentError, "ARGUMENT", "grad", /gives "loss"/, () =>
    grad(untyped((_: Tensor) => "loss"))(v2()),
  ),
  bad("a loss that is a promise", ArgumentError, "ARGUMENT", "grad", /Promise.*must not be async/, () =>
    grad(untyped((x: Tensor) => Promise.resolve(sum(x))))(v2()),
  ),
  bad("a promise among results", ArgumentError, "ARGUMENT", "vjp", /the result\.y is a Promise/, () =>
    vjp((x: Tensor) => ({ y: Promise.resolve(x) }), v2()),
  ),
  bad("a loss of whole numbers", DTypeError, "DTYPE", "grad", /gives int32/, () =>
    grad((x: Tensor) => sum(less(x, 1)))(v2()),
  ),
  bad("a point of whole numbers", DTypeError, "DTYPE", "jvp", /argument 0 is int32/, () =>
    jvp((x: Tensor) => x, [i2()], [i2()]),
  ),
  bad("an argument that is not there", IndexRangeError, "INDEX", "grad", /no argument 1 among 1/, () =>
    grad((x: Tensor) => sum(x), { argnums: 1 })(v2()),
  ),
  bad("no function", ArgumentError, "ARGUMENT", "grad", /a tensor, not a function/, () => grad(untyped(v2()))),
  bad("an error inside a function", ShapeError, "SHAPE", "pow", /cannot broadcast/, () =>
    grad((x: Tensor) => sum(pow(x, m23())))(v2()),
  ),
];
