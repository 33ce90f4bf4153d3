import { expect, test } from 'vitest'
import { loadTinyModel } from '../testing/tiny-model.ts'
import { adapterTensorSpecs, copyAdapter, initializeAdapter, parametersOf, type Adapter } from './adapter.ts'

const { architecture, config } = await loadTinyModel('llama-tiny-untied')
const adapterConfig = { rank: 3, alpha: 6, targetModules: architecture.linearModules }
const start = (seed: number): Adapter => initializeAdapter(architecture, config, adapterConfig, seed)

test('a fresh adapter changes nothing: B is zero, A uniform within one over the root of its inputs', () => {
  const { tensors } = start(1)
  expect(tensors.size).toBe(config.layers * 7 * 2)
  for (const [name, { shape, data }] of tensors) {
    const bound = name.endsWith('.lora_A.weight') ? 1 / Math.sqrt(shape[1]!) : 0
    const largest = Math.max(...data.map(Math.abs))
    expect(largest).toBeLessThanOrEqual(bound)
    expect(largest).toBeGreaterThanOrEqual(0.9 * bound)
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length
    expect(Math.abs(mean)).toBeLessThanOrEqual(0.25 * bound)
  }
})

test('the seed decides how it starts', () => {
  expect(start(1)).toEqual(start(1))
  expect(parametersOf(start(1))).not.toEqual(parametersOf(start(2)))
})

test('the matrices are views of one array, in the order of the specs', () => {
  const adapter = start(1)
  const specs = adapterTensorSpecs(architecture, config, adapterConfig)
  expect([...adapter.tensors].map(([name, { shape }]) => ({ name, shape }))).toEqual(specs)
  const all = [...adapter.tensors.values()].flatMap(({ data }) => [...data])
  expect([...parametersOf(adapter)]).toEqual(all)
  parametersOf(adapter).fill(5)
  expect([...adapter.tensors.values()].every(({ data }) => data.every((value) => value === 5))).toBe(true)
})

test('a copy shares nothing with the original', () => {
  const adapter = start(1)
  const copy = copyAdapter(adapter)
  expect(copy).toEqual(adapter)
  parametersOf(copy).fill(0)
  expect(adapter).toEqual(start(1))
})
