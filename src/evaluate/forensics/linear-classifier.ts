import type { Random } from '../../lib/random.ts'

/** Words of a text as places in a table, each with its weight; the weights have length 1. */
export interface Features {
  readonly places: Uint32Array
  readonly weights: Float64Array
}

const tableSize = 2 ** 15
// Of many rows a few passes learn as much.
const mostPasses = 12
const fewestPasses = 5
const stepsWanted = 40_000
const learningRate = 0.5
/** Draws weights to zero, so that rare words are not learned by heart. */
const decay = 1e-5

/** Words and pairs of words, weighted by how rare they are among the texts (tf-idf). */
export function textFeatures(texts: readonly string[]): Features[] {
  const counted = texts.map((text) => {
    const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
    const terms = [...words, ...words.slice(1).map((word, at) => `${words[at]} ${word}`)]
    const counts = new Map<number, number>()
    for (const term of terms) {
      const place = placeOf(term)
      counts.set(place, (counts.get(place) ?? 0) + 1)
    }
    return counts
  })
  const rows = new Float64Array(tableSize)
  for (const counts of counted) for (const place of counts.keys()) rows[place]! += 1
  return counted.map((counts) => {
    const places = Uint32Array.from(counts.keys())
    const weights = Float64Array.from(
      counts,
      ([place, times]) => (1 + Math.log(times)) * Math.log((1 + texts.length) / (1 + rows[place]!) + 1),
    )
    const length = Math.hypot(...weights)
    return { places, weights: weights.map((weight) => weight / (length || 1)) }
  })
}

/** FNV-1a of the UTF-16 units. */
function placeOf(term: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % tableSize
}

/** Multinomial logistic regression, trained row by row with AdaGrad steps (Duchi, Hazan, Singer, JMLR 12, 2011). */
export class LinearClassifier {
  readonly #classes: number
  /** `[place, class]`, and after the places one row that every text has. */
  readonly #table: Float32Array
  readonly #squares: Float32Array

  constructor(classes: number) {
    this.#classes = classes
    this.#table = new Float32Array((tableSize + 1) * classes)
    this.#squares = new Float32Array(this.#table.length)
  }

  train(rows: readonly Features[], labels: readonly number[], random: Random): void {
    const passes = Math.round(stepsWanted / Math.max(1, rows.length))
    for (let pass = 0; pass < Math.min(mostPasses, Math.max(fewestPasses, passes)); pass++) {
      for (const row of random.shuffle([...rows.keys()])) this.#step(rows[row]!, labels[row]!)
    }
  }

  /** Of each class; they sum to 1. */
  probabilities({ places, weights }: Features): Float64Array {
    const classes = this.#classes
    const table = this.#table
    const scores = new Float64Array(classes)
    for (let each = 0; each < classes; each++) scores[each] = table[tableSize * classes + each]!
    for (let at = 0; at < places.length; at++) {
      const [start, weight] = [places[at]! * classes, weights[at]!]
      for (let each = 0; each < classes; each++) scores[each]! += weight * table[start + each]!
    }
    let most = -Infinity
    for (const score of scores) most = Math.max(most, score)
    let sum = 0
    for (let each = 0; each < classes; each++) sum += scores[each] = Math.exp(scores[each]! - most)
    for (let each = 0; each < classes; each++) scores[each]! /= sum
    return scores
  }

  #step(features: Features, label: number): void {
    const slopes = this.probabilities(features)
    slopes[label]! -= 1
    const { places, weights } = features
    for (let at = 0; at < places.length; at++) this.#move(places[at]! * this.#classes, weights[at]!, slopes)
    this.#move(tableSize * this.#classes, 1, slopes)
  }

  #move(start: number, weight: number, slopes: Float64Array): void {
    const [table, squares] = [this.#table, this.#squares]
    for (let each = 0; each < this.#classes; each++) {
      const slope = weight * slopes[each]! + decay * table[start + each]!
      const square = squares[start + each]! + slope * slope
      if (square === 0) continue
      squares[start + each] = square
      table[start + each]! -= (learningRate * slope) / Math.sqrt(square + 1e-8)
    }
  }
}
