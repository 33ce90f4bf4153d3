import type { Dimension, Graph, Value } from '../graph.ts'

/**
 * Sequences of different lengths in two layouts. Packed: the rows of a common prefix once, then those of each sequence, one
 * after another without a gap, and perhaps some rows that nothing uses. As a rectangle, for attention: the prefix, and
 * `places = sequences · longest` rows, those of a shorter sequence padded. One layout has unused rows exactly when the
 * other has, so each has somewhere to point.
 */
export interface Packing {
  readonly prefix: Dimension
  readonly places: Dimension
  /** The packed row of each place, `[places]`, int64; of an unused place an unused row. */
  readonly rowOfPlace: Value
  /** The place of each packed row, counted from the prefix's first row, `[rows]`, int64; of an unused row an unused place. */
  readonly placeOfRow: Value
}

/** `[rows, width] → [prefix, width]` and `[places, width]` */
export function unpackRows(graph: Graph, rows: Value, packing: Packing): [prefix: Value, places: Value] {
  const parts = unpack(graph, rows, packing)
  graph.differentiateTogether(parts, [rows], ([prefix, places]) => [
    pack(graph, prefix ?? zerosLike(graph, parts[0]), places ?? zerosLike(graph, parts[1]), packing),
  ])
  return parts
}

/** The inverse: `[prefix, width]` and `[places, width] → [rows, width]` */
export function packRows(graph: Graph, prefix: Value, places: Value, packing: Packing): Value {
  const rows = pack(graph, prefix, places, packing)
  // What nothing uses has no gradient, so an unused place takes a zero from the unused row that it points to.
  return graph.differentiate(rows, [prefix, places], (gradient) => unpack(graph, gradient, packing))
}

function unpack(graph: Graph, rows: Value, { prefix, places, rowOfPlace }: Packing): [Value, Value] {
  const [, width = 1] = rows.shape
  const bounds = [graph.integers([0]), graph.sizes([prefix]), graph.integers([0])]
  return [
    graph.node('Slice', [rows, ...bounds], [prefix, width]),
    graph.node('Gather', [rows, rowOfPlace], [places, width], { attributes: { axis: 0 } }),
  ]
}

function pack(graph: Graph, prefix: Value, places: Value, { placeOfRow }: Packing): Value {
  const [, width = 1] = places.shape
  const [count = 1] = placeOfRow.shape
  const both = graph.node('Concat', [prefix, places], ['prefix and places', width], {
    attributes: { axis: 0 },
  })
  return graph.node('Gather', [both, placeOfRow], [count, width], { attributes: { axis: 0 } })
}

function zerosLike(graph: Graph, value: Value): Value {
  return graph.node('Mul', [value, graph.scalar(0)], value.shape)
}
