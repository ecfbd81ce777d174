/**
 * `@chainrule/autograd/vectors`: large tensors go through WebAssembly vectors in a bundled page that does not import
 * `compile`.
 * Whoever imports `compile`, or the library unbundled, has them anyway; results have the same bits either way.
 */

import "./backends/wasm/eager/load.ts";
