// The generators of NumPy's RandomState and of Python's random module, for replaying published runs; for new work use
// Random.

const STATE_WORDS = 624;
const SHIFT_WORDS = 397;

/** MT19937 of Matsumoto and Nishimura (1998): 624 words of state, 32 bits a draw. */
class MersenneTwister {
  readonly #state: Uint32Array;
  #at = STATE_WORDS;

  // init_genrand
  constructor(seed: number) {
    const state = new Uint32Array(STATE_WORDS);
    state[0] = seed;
    for (let i = 1; i < STATE_WORDS; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    this.#state = state;
  }

  // init_by_array
  static ofKey(key: readonly number[]): MersenneTwister {
    const twister = new MersenneTwister(19650218);
    const state = twister.#state;
    let i = 1;
    const mixed = (factor: number): number => {
      const previous = state[i - 1]!;
      return state[i]! ^ Math.imul(previous ^ (previous >>> 30), factor);
    };
    const next = (): void => {
      i += 1;
      if (i === STATE_WORDS) {
        state[0] = state[STATE_WORDS - 1]!;
        i = 1;
      }
    };
    for (let step = 0; step < Math.max(STATE_WORDS, key.length); step++) {
      const j = step % key.length;
      state[i] = mixed(1664525) + key[j]! + j;
      next();
    }
    for (let step = 1; step < STATE_WORDS; step++) {
      state[i] = mixed(1566083941) - i;
      next();
    }
    state[0] = 0x80000000;
    return twister;
  }

  /** 53 bits in [0, 1), of two draws. */
  random(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  #word(): number {
    if (this.#at === STATE_WORDS) this.#twist();
    let y = this.#state[this.#at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < STATE_WORDS; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % STATE_WORDS]! & 0x7fffffff);
      state[i] = state[(i + SHIFT_WORDS) % STATE_WORDS]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}

/**
 * NumPy's legacy `np.random.RandomState(seed)`, which `np.random.seed(seed)` also sets.
 *
 * @example
 * new NumpyRandomState(12345678).randn() // => 0.5537081891302397
 */
export class NumpyRandomState {
  readonly #twister: MersenneTwister;
  #spare: number | undefined;

  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
      throw new RangeError(
        `NumpyRandomState: the seed ${seed} is out of range: give a whole number from 0 to 2^32 − 1`,
      );
    }
    this.#twister = new MersenneTwister(seed);
  }

  /**
   * `random_sample()`: the next number in [0, 1).
   *
   * @example
   * new NumpyRandomState(12345678).randomSample() // => 0.24580423382490257
   */
  randomSample(): number {
    return this.#twister.random();
  }

  /**
   * `randn()`: the next standard normal number, by the polar method, which makes two and keeps one for the next call.
   *
   * @example
   * new NumpyRandomState(12345678).randn() // => 0.5537081891302397
   */
  randn(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    let x1: number;
    let x2: number;
    let square: number;
    do {
      x1 = 2 * this.#twister.random() - 1;
      x2 = 2 * this.#twister.random() - 1;
      square = x1 * x1 + x2 * x2;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.#spare = factor * x1;
    return factor * x2;
  }
}

/**
 * Python's `random.Random(seed)`, which `random.seed(seed)` also sets.
 *
 * @example
 * new PythonRandom(12345678).random() // => 0.7202671550185803
 */
export class PythonRandom {
  readonly #twister: MersenneTwister;

  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(`PythonRandom: the seed ${seed} is not a safe whole number: give one of at most 2^53 − 1`);
    }
    // Python drops the sign and hands on as many 32-bit words as the number needs.
    const size = Math.abs(seed);
    const high = Math.floor(size / 2 ** 32);
    this.#twister = MersenneTwister.ofKey(high === 0 ? [size] : [size >>> 0, high]);
  }

  /**
   * `random()`: the next number in [0, 1).
   *
   * @example
   * new PythonRandom(12345678).random() // => 0.7202671550185803
   */
  random(): number {
    return this.#twister.random();
  }

  /**
   * Python 2's `shuffle(list)`, in place; Python 3 draws its indices in another way and gives another order.
   *
   * @example
   * new PythonRandom(12345678).shufflePython2([0, 1, 2, 3, 4]) // => [1, 4, 0, 2, 3]
   */
  shufflePython2<T>(list: T[]): T[] {
    for (let i = list.length - 1; i > 0; i--) {
      const j = Math.floor(this.random() * (i + 1));
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    return list;
  }
}
