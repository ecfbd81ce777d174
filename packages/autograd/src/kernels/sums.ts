/** How every sum of products is grouped, so that each kernel gives the same bits. */

/** Products that are summed before the sum is added to the total. */
export const BLOCK = 256;
