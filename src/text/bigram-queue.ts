/** Two neighbouring symbols that together are a token. */
export interface Bigram {
  /** Indices of the symbols. */
  readonly left: number
  readonly right: number
  /** Characters of both when the pair was found; another sum means that one of them has grown since. */
  readonly length: number
  readonly score: number
}

/** Pairs in the order in which they merge: the higher score first, the leftmost of equal ones. */
export class BigramQueue {
  readonly #heap: Bigram[] = []

  push(bigram: Bigram): void {
    const heap = this.#heap
    let place = heap.length
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(bigram, heap[parent]!)) break
      heap[place] = heap[parent]!
      place = parent
    }
    heap[place] = bigram
  }

  pop(): Bigram | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[place] = heap[child]!
      place = child
    }
    heap[place] = last
    return first
  }
}

function isBefore(one: Bigram, other: Bigram): boolean {
  return one.score > other.score || (one.score === other.score && one.left < other.left)
}
