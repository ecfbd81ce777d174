/** The rows that the library does not answer yet, or by design never will, each with the reason. */

const writing = "a tensor is immutable: nothing can be written in place";
const optimizer = "belongs to the optimizers of the nn package";
const layer = "belongs to the layers of the nn package";
const random = "belongs to the random numbers of the nn package";
const program = "belongs to compiled programs in WASM memory";
const threads = "belongs to threads";
const needs = (op: string): string => `needs op ${op}`;

export const uncovered: Readonly<Record<string, string>> = {
  floor: needs("floor"),
  round: needs("round"),
  "log1p@-1": needs("log1p"),
  "log1p@1e-20": needs("log1p"),
  "acos@1": needs("acos"),
  "asin@1.5": needs("asin"),
  "atanh@1": needs("atanh"),
  "acosh@1": needs("acosh"),
  "sinc@0": needs("sinc"),
  "erfinv@1": needs("erfinv"),
  "atan2@0,0": needs("atan2"),
  "atan2@0,-1": needs("atan2"),
  "fmod@": needs("fmod"),
  "remainder@0": needs("remainder"),
  "copysign@0": needs("copysign"),
  argmax_ties: needs("argmax"),
  "max.dim@ties": needs("argmax"),
  "median@even": needs("median"),
  "sort@ties": needs("sort"),
  sort_nan: needs("sort"),
  "scatter@dup": needs("scatter that sets"),
  "bce@0": "belongs to the losses of the nn package: the logarithm is clamped by that loss, not by an op",
  mse_broadcast: "belongs to the losses of the nn package",
  dropout0: layer,
  dropout1: layer,
  batchnorm_1: layer,
  batchnorm_const: layer,
  clip_norm_zero: optimizer,
  clip_norm_inf: optimizer,
  adam_huge_f32: optimizer,
  adam_bias_correction: optimizer,
  inplace_saved_input: writing,
  inplace_saved_output: writing,
  inplace_unsaved: writing,
  inplace_leaf: writing,
  step_before_backward: writing,
  view_write: writing,
  write_expanded: writing,
  thread_invariance: threads,
  seed_prefix: random,
  seed_split: random,
  seed_worker: random,
  rerun_invariance: "belongs to training runs of the nn package",
  js_detached_view: program,
  js_shared_stale_view: program,
  js_grow_fail: program,
  js_oob_write: program,
  wasm_min_max: program,
  wasm_relaxed: program,
  wasm_trunc: program,
  js_worker_dead: threads,
};
