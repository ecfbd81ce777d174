/** The place of the value of a variable: in the memory of programs while some use it, beside it otherwise. */

import type { Residence } from "../../backend.ts";
import type { DType, Elements } from "../../../graph/dtype.ts";
import { bytesOf } from "../../../kernels/lanes/machine-types.ts";
import { padded } from "../../../compile/ir/layout.ts";
import { HeapLease } from "./lease.ts";
import { HeapPlace } from "./place.ts";

/**
 * The residence of one value. Programs hold it, and not the variable: nobody's variable is to stay for a program that
 * nobody calls.
 */
export class HeapResidence implements Residence {
  readonly #dtype: DType;
  readonly #count: number;
  #place: HeapPlace | null = null;
  #lease: HeapLease | null = null;
  /** The numbers in the place when the last program left. */
  #saved: Elements | null = null;
  /** How many programs use it. */
  #users = 0;

  constructor(dtype: DType, count: number) {
    this.#dtype = dtype;
    this.#count = count;
  }

  /** A program is going to use it. */
  enter(): void {
    this.#users++;
  }

  /** A program is gone; with the last of them the value leaves the memory of programs. */
  leave(): void {
    if (--this.#users > 0 || this.#lease?.isOpen !== true) return;
    this.#saved = this.#place!.copy();
    this.#place = null;
    this.#lease.end();
  }

  /**
   * The address of the value. Where it does not lie in the memory of programs it moves there, and ends with its owner.
   */
  address(owner: object, value: Elements | null): number {
    if (this.#place === null) {
      const from = value ?? this.#saved!;
      this.#lease = new HeapLease();
      this.#place = new HeapPlace(
        this.#dtype,
        this.#lease.allocate(padded(this.#count * bytesOf(this.#dtype)), "variable"),
        this.#count,
      );
      this.#lease.follow(owner);
      this.#place.view().set(from);
      this.#saved = null;
    }
    return this.#place.address;
  }

  /** Writes another value where programs find it. */
  write(value: Elements): void {
    this.#place?.view().set(value);
  }

  /** The numbers in memory of their own. */
  copy(): Elements {
    return this.#place === null ? this.#saved!.slice() : this.#place.copy();
  }
}
