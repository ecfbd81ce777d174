/**
 * Blocks of the heap with one owner: given back at once where it is known that they are not needed, and when the owner
 * is gone.
 */

import type { Lease } from "../../backend.ts";
import { heap } from "./heap.ts";

/** A program that was not used while so many others were made may have to go where memory is short. */
const STALE = 32;

/** How many leases with a way to do without have been opened. */
let opened = 0;

/** Those whose owners can do without, should memory be short. */
const dispensable = new Set<HeapLease>();

const owners = new FinalizationRegistry<HeapLease>((lease) => lease.end());

/** The share of an owner in the heap. */
export class HeapLease implements Lease {
  readonly #blocks: { readonly start: number; readonly bytes: number }[] = [];
  /** Called once when the blocks are given back; must not hold the owner. */
  readonly #ended: () => void;
  #isOpen = true;
  /** How many bodies need the blocks now, and whether the lease ends behind the last of them. */
  #keepers = 0;
  #endsLater = false;
  #used = opened;

  constructor(ended: () => void = () => undefined) {
    this.#ended = ended;
  }

  /** True if the blocks are still there. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A block of zeros. */
  allocate(bytes: number, op: string): number {
    const start = heap().allocate(bytes, op, makeRoom);
    this.#blocks.push({ start, bytes });
    return start;
  }

  /** Ends the lease when an object is gone. */
  follow(owner: object): void {
    owners.register(owner, this, this);
  }

  /** Lets the lease end where memory is short; what follows it finds that out from `isOpen`. */
  makeDispensable(): void {
    opened++;
    dispensable.add(this);
    this.touch();
  }

  /** Runs `body` while the blocks must stay, however short memory is and whoever ends the lease. */
  keepDuring<R>(body: () => R): R {
    const was = dispensable.delete(this);
    this.#keepers++;
    try {
      return body();
    } finally {
      this.#keepers--;
      if (was && this.#isOpen) dispensable.add(this);
      if (this.#keepers === 0 && this.#endsLater) this.end();
    }
  }

  /** Notes that the blocks are in use now. */
  touch(): void {
    this.#used = opened;
  }

  /** Lets the memory grow further before something is given up again. */
  miss(): void {
    heap().miss();
  }

  /** How many leases have been made dispensable since this one was used. */
  get age(): number {
    return opened - this.#used;
  }

  /** Gives the blocks back, as soon as no body needs them. */
  end(): void {
    if (!this.#isOpen) return;
    this.#endsLater = this.#keepers > 0;
    if (this.#endsLater) return;
    this.#isOpen = false;
    owners.unregister(this);
    dispensable.delete(this);
    this.#ended();
    for (const { start, bytes } of this.#blocks) heap().release(start, bytes);
  }
}

/** Ends what was used longest ago until something fits: what is stale, or anything that its owner can do without. */
function makeRoom(fits: () => boolean, desperate: boolean): boolean {
  const oldest = [...dispensable].filter((lease) => desperate || lease.age >= STALE).sort((a, b) => b.age - a.age);
  for (const lease of oldest) {
    if (fits()) return true;
    lease.end();
  }
  return fits();
}
