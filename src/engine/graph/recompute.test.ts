import { expect, test } from 'vitest'
import type { GradientCheckpointing } from '../../core/training-settings.ts'
import { loadTinyModel, tinyAdapter } from '../testing/tiny-model.ts'
import { buildTrainingGraph } from '../train/training-graph.ts'
import type { Graph, Node } from './graph.ts'

const { architecture, config, ...model } = await loadTinyModel('llama-tiny')
const adapter = await tinyAdapter({ architecture, config, ...model }, 'adapter')
const graphOf = (
  gradientCheckpointing: GradientCheckpointing,
  targetModules = adapter.config.targetModules,
): Graph =>
  buildTrainingGraph(architecture, config, { ...adapter.config, targetModules }, 'gradients', {
    gradientCheckpointing,
  })
const count = ({ nodes }: Graph, operator: string): number =>
  nodes.filter((node) => node.operator === operator).length

const uses = (graph: Graph, from: number): Set<string> =>
  new Set(graph.nodes.slice(from).flatMap((node: Node) => node.inputs))

test('every layer but the last is computed again, and nothing else', () => {
  const [plain, again] = [graphOf('none'), graphOf('layers')]
  const layers = config.layers - 1
  expect(layers).toBeGreaterThan(1)
  // Two attention blocks a layer, of the prefix and of the rest, and two norms.
  expect(count(again, 'Softmax') - count(plain, 'Softmax')).toBe(2 * layers)
  const norm = 'SimplifiedLayerNormalization'
  expect(count(again, norm) - count(plain, norm)).toBe(2 * layers)
  expect(count(again, 'Exp')).toBe(count(plain, 'Exp'))
})

test('products with weights may be kept: no other activation is', () => {
  const [plain, again] = [graphOf('none'), graphOf('activations')]
  expect(count(again, 'Gemm')).toBe(count(plain, 'Gemm'))
  expect(count(again, 'FusedMatMul')).toBeGreaterThan(count(plain, 'FusedMatMul'))
  expect(count(again, 'Softmax') - count(plain, 'Softmax')).toBe(2 * (config.layers - 1))
})

test('nodes stay in the order of what they need', () => {
  const { nodes, inputs, weights, constants } = graphOf('layers')
  const known = new Set(
    [...inputs, ...[...weights, ...constants].map(({ value }) => value)].map(({ name }) => name),
  )
  for (const { inputs: needed, outputs } of nodes) {
    expect(needed.filter((name) => !known.has(name))).toEqual([])
    for (const name of outputs) known.add(name)
  }
})

test('of a layer only its input is kept: the backward pass uses nothing else of the forward pass', () => {
  const plain = graphOf('none')
  const forwardEnd = plain.nodes.length
  const again = graphOf('layers')
  const firstAgain = again.nodes.findIndex(({ outputs }) => outputs.some((name) => name.startsWith('again')))
  expect(firstAgain).toBeGreaterThan(0)
  // Probabilities are the largest activations: those of the forward pass are used by the last layer alone.
  const ofSoftmax = again.nodes
    .filter(({ operator, outputs }) => operator === 'Softmax' && !outputs[0]?.startsWith('again'))
    .flatMap(({ outputs }) => outputs)
  const late = uses(again, firstAgain)
  expect(ofSoftmax.length).toBe(2 * config.layers)
  expect(ofSoftmax.slice(0, -2).filter((name) => late.has(name))).toEqual([])
  expect(forwardEnd).toBeLessThan(again.nodes.length)
})

test('layers below the first adapter stay as they are', () => {
  expect(() => graphOf('layers', ['down_proj'])).not.toThrow()
})
