/** Sentences about the backward pass of a graph, in English. */

export const graphs = {
  link: ({ later, earlier }: { later: string; earlier: string }): string => `from ${later} to ${earlier}`,
  links: ({ some, count }: { some: readonly string[]; count: number }): string => {
    if (count > some.length) return `${some.join(", ")} and ${count - some.length} more`;
    return some.length > 1 ? `${some.slice(0, -1).join(", ")} and ${some.at(-1)!}` : some[0]!;
  },
  throughTime: ({ links }: { links: string }): string =>
    `nothing comes back through time, ${links}: what the later step ` +
    "sends back must be added to what comes from the step itself",
  last: "last",
  first: "first",
  oneUse: ({ which, from, use }: { which: string; from: string; use: string }): string =>
    `only the ${which} use of ${from} counts, in ${use}: the gradients of all its uses must be added`,
  pathBack: ({ to, from }: { to: string; from: string }): string =>
    `the path from ${to} back to ${from} is missing: it must be added to the others`,
  straightToLoss: "straight to the loss",
  through: ({ name }: { name: string }): string => `through ${name}`,
  pathMissing: ({ path }: { path: string }): string => `the path ${path} is missing: it must be added to the others`,
  onlyPath: ({ path }: { path: string }): string =>
    `only the path ${path} counts: it overwrites the others where it must be added`,
  onPath: ({ path, says }: { path: string; says: string }): string => `on the path ${path}, ${says}`,
  meanForSum: ({ count }: { count: number }): string =>
    `a mean over ${count} stands where a sum belongs: a factor 1/${count}`,
  meanMissing: ({ count }: { count: number }): string => `a factor 1/${count} is missing`,
  divisorsMixed: ({ path, factor, count }: { path: string; factor: string; count: number }): string =>
    `the path ${path} is multiplied by ${factor}: N and N − 1 are mixed, N = ${count}`,
  pathScaled: ({ path, factor }: { path: string; factor: string }): string =>
    `the path ${path} is multiplied by ${factor}`,
  otherShape: "the shape is not that of the value",
  notFinite: "NaN or infinity stands where a number belongs",
  pathsCancel: "the paths through this value cancel: its gradient is 0, and leaving it out is right",
  followsFromNothing: "this does not follow from your gradients further down, and no typical mistake explains it",
  readAsPrinted: ({ names }: { names: readonly string[] }): string =>
    `${names.join(", ")} read as printed, rounded: right within that`,
  chosenAt: ({ at, low, high, own }: { at: string; low: string; high: string; own: string }): string =>
    `at [${at}] any value from ${low} to ${high} is right, yours is ${own}`,
  corner: ({ name, places, more }: { name: string; places: readonly string[]; more: number }): string =>
    `d${name} has a corner: ${places.join("; ")}${more > 0 ? `; ${more} entries more` : ""} [I5]`,
  cancels: ({ name }: { name: string }): string =>
    `d${name} cancels to 0 whatever is put in: leaving it out is no mistake [I4]`,
  squareForgotten: "1 − y stands where 1 − y² belongs: the square is forgotten",
  tanhBefore: "the derivative of tanh is taken at the value before it: 1 − x² for 1 − y²",
  sigmoidForTanh: "the derivative of the sigmoid stands where that of tanh belongs",
  factorOfSigmoid: "the factor y of y(1 − y) is forgotten",
  sigmoidBefore: "x(1 − x) is taken at the value before the sigmoid",
  tanhForSigmoid: "the derivative of tanh stands where that of the sigmoid belongs",
  timesForDivided: "g is multiplied by x where it must be divided: the derivative of ln x is 1/x",
  halfOfRoot: "the ½ of the root's derivative is forgotten",
  twoOfSquare: "the 2 of the square's derivative is forgotten",
  powerForgotten: "−1/x stands where −1/x² belongs: a power is forgotten",
  integrated: "ln x stands where −1/x² belongs: this integrates instead of differentiating",
  samePower: "the power stays the same: y stands where y³ belongs",
  slopeForgotten: "the derivative of the function is forgotten",
  valueForSlope: "the value of the function stands where its derivative belongs",
  slopeAfter: "the derivative is taken at the value after the function instead of before it",
  slopeTwice: "the derivative is applied twice",
  transposedWrongly: ({ name }: { name: string }): string => `${name} is transposed the wrong way`,
  upstreamTransposed: "the upstream gradient is transposed the wrong way",
  resultTransposed: "the result is transposed",
  lastRowOnly: "only the last row of the upstream gradient counts: the sum over the rows is missing",
  scaleForgotten: ({ size }: { size: number }): string => `the 1/√d of the scores is forgotten, d = ${size}`,
  factorForgotten: ({ factor }: { factor: string }): string => `the factor ${factor} is forgotten`,
  factorTwice: ({ factor }: { factor: string }): string => `the factor ${factor} is applied twice`,
  divisorOfMeanMissing: "the 1/N of the mean is missing",
  signOfMeanTurned: "the path through the mean has its sign turned",
  copiedEverywhere: "g is copied to every entry where it belongs to the largest alone",
  spreadEverywhere: "g is spread over all entries: this is the mean's rule",
  nameWithTap: "name the values on the way with tap, and hand in their gradients: that narrows it down",
  alsoThese: ({ names }: { names: readonly string[] }): string =>
    `hand in ${names.join(", ")} as well: that narrows it down`,
};
