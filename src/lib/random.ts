import { createHash } from 'node:crypto'
import { HoneError } from '../core/errors.ts'

/** What `state()` returns: plain JSON, for checkpoints. */
export interface RandomState {
  /** Names the stream; forks are derived from it. */
  readonly key: string
  /** The four 32-bit words of the generator. */
  readonly words: readonly number[]
}

export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  next(): number
  /** Uniform integer in [0, below), without modulo bias. `below` is an integer from 1 to 2^32. */
  integer(below: number): number
  /** A shuffled copy (Fisher and Yates); the argument stays as it is. */
  shuffle<T>(items: readonly T[]): T[]
  /**
   * An independent generator for a named purpose. It depends on the seed and the names only, never on how many numbers
   * were drawn before, so a new consumer does not move the numbers of the others.
   */
  fork(name: string): Random
  /** Continue from here with `restoreRandom`. */
  state(): RandomState
}

/**
 * A seeded generator: xoshiro128** 1.1 by Blackman and Vigna (https://prng.di.unimi.it/xoshiro128starstar.c), its state
 * taken from the SHA-256 of the seed. The same seed gives the same numbers on every platform. Not for secrets.
 *
 * @throws HoneError `E_CONFIG` when a numeric seed is not finite.
 *
 * @example
 * const random = createRandom(7)
 * const order = random.fork('epoch 1').shuffle(examples)
 */
export function createRandom(seed: number | string): Random {
  if (typeof seed === 'number' && !Number.isFinite(seed)) {
    throw new HoneError('E_CONFIG', `a seed must be a finite number, this one is ${seed}`)
  }
  return fromKey(digest(`${typeof seed}:${Object.is(seed, -0) ? 0 : seed}`))
}

/**
 * The generator that a saved state describes.
 *
 * @throws HoneError `E_RESUME` when the state is not one.
 */
export function restoreRandom(state: RandomState): Random {
  const valid =
    /^[0-9a-f]{64}$/.test(state.key) &&
    state.words.length === 4 &&
    state.words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32) &&
    state.words.some((word) => word !== 0)
  if (!valid) throw new HoneError('E_RESUME', 'the saved state of the random generator is damaged')
  return new Xoshiro(state.key, Uint32Array.from(state.words))
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

function fromKey(key: string): Random {
  const words = Uint32Array.from([0, 8, 16, 24], (at) => Number.parseInt(key.slice(at, at + 8), 16))
  return new Xoshiro(key, words)
}

class Xoshiro implements Random {
  readonly #key: string
  // Four fields instead of an array: a bootstrap draws hundreds of millions of numbers.
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(key: string, words: Uint32Array) {
    this.#key = key
    const [a = 0, b = 0, c = 0, d = 0] = words
    this.#a = a | 0
    this.#b = b | 0
    this.#c = c | 0
    this.#d = d | 0
  }

  #next32(): number {
    const a = this.#a
    const b = this.#b
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const third = this.#c ^ a
    const fourth = this.#d ^ b
    this.#b = b ^ third
    this.#a = a ^ fourth
    this.#c = third ^ (b << 9)
    this.#d = rotateLeft(fourth, 11)
    return result
  }

  next(): number {
    const high = this.#next32() >>> 5
    const low = this.#next32() >>> 6
    return (high * 2 ** 26 + low) / 2 ** 53
  }

  integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
      throw new RangeError(`integer(below) needs an integer from 1 to 2^32, not ${below}`)
    }
    for (;;) {
      const drawn = this.#next32()
      // The quotient of two integers below 2^33 never rounds up to an integer, which spares the slow `%` of doubles.
      const start = below * Math.floor(drawn / below)
      // Draws from the last, incomplete block of `below` numbers would make its values too frequent.
      if (start + below <= 2 ** 32) return drawn - start
    }
  }

  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items]
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(last + 1)
      const item = shuffled[last]!
      shuffled[last] = shuffled[other]!
      shuffled[other] = item
    }
    return shuffled
  }

  fork(name: string): Random {
    return fromKey(digest(`${this.#key}/${name}`))
  }

  state(): RandomState {
    return { key: this.#key, words: [this.#a, this.#b, this.#c, this.#d].map((word) => word >>> 0) }
  }
}

const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))
