import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { Graph } from '../graph/graph.ts'
import { createPackedLayers } from './packed-layers.ts'

/**
 * The forward pass of the lowest layers, without adapters, over a batch as `buildTrainingGraph` takes it.
 *
 * Inputs: `tokens [rows]` and those of `createPackedLayers`. Output: `hidden [rows, hidden]`, what the layer after them takes.
 *
 * @param layers how many; fewer than the model has
 */
export function buildFrozenGraph(architecture: Architecture, config: ModelConfig, layers: number): Graph {
  const graph = new Graph()
  const tokens = graph.input('tokens', 'int64', ['rows'])
  const context = createPackedLayers({
    graph,
    architecture,
    config,
    adapterOf: () => undefined,
    wantedRows: tokens,
  })
  const embedded = architecture.embed(context, config, tokens)
  graph.output('hidden', architecture.layers(context, config, embedded, { from: 0, to: layers }))
  return graph
}
