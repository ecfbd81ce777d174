/** The parts that print the report on a network: most checks need all of it, and nothing else. */

export { networkDocument } from "../handcheck/report/of-network.ts";
export { toText } from "../handcheck/report/text.ts";
