declare module "numeric" {
  const numeric: {
    uncmin(
      f: (x: number[]) => number,
      start: number[],
      tolerance?: number,
      gradient?: (x: number[]) => number[],
      most?: number,
    ): { solution: number[]; f: number };
  };
  export default numeric;
}
