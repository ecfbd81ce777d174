/** What the gallery shows, by sort: slips of networks, which levels show, and of single operations. */

import { published, publishedNames, type Exhibit, type PublishedName, type Sort } from "../../levels/published.ts";
import { publishedKernels, type KernelName } from "../../levels/published-kernels.ts";

export type ExhibitName = PublishedName | KernelName;

const sorts: readonly Sort[] = ["book", "course", "library", "post", "answer"];

export const exhibits: Readonly<Record<ExhibitName, Exhibit>> = { ...published, ...publishedKernels };

const kernelNames = Object.keys(publishedKernels) as readonly KernelName[];

export const exhibitNames: readonly ExhibitName[] = [...publishedNames, ...kernelNames].sort(
  (a, b) => sorts.indexOf(exhibits[a].sort) - sorts.indexOf(exhibits[b].sort),
);

/** Of a single operation. */
export const isKernel = (name: ExhibitName): name is KernelName => name in publishedKernels;
