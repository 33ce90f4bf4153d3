import { createRandom, type Random } from '../../lib/random.ts'

/** The small generator of the golden scripts, so that both sides resample the same rows. Only `integer` is its. */
export function minstd(seed: number): Random {
  let state = seed
  const random = createRandom(0)
  return {
    next: () => random.next(),
    shuffle: (items) => random.shuffle(items),
    fork: (name) => random.fork(name),
    state: () => random.state(),
    integer: (below) => {
      state = (state * 48271) % 2147483647
      return state % below
    },
  }
}
