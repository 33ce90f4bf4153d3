import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import type { Adapter } from '../adapter/adapter.ts'
import { readAdapter } from '../adapter/adapter-files.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { findArchitecture } from '../arch/registry.ts'
import { buildInferenceGraph } from '../generate/inference-graph.ts'
import { InferenceModel } from '../generate/inference-model.ts'
import type { Device, Session, SessionOptions } from '../graph/session.ts'
import { cacheAdapter } from '../load-generator.ts'
import { openModelSession } from '../model-session.ts'
import type { EncodedExample } from '../train/encoded-example.ts'
import { buildTrainingGraph, type TrainingGraphOptions } from '../train/training-graph.ts'
import { readSafetensors, type Tensor } from '../weights/safetensors.ts'
import { safetensorsWeights } from '../weights/safetensors-weights.ts'
import { cachedWeights, type CachedWeights } from '../weights/weight-cache.ts'

/** Those whose goldens follow a training run. */
export const tinyModels = ['llama-tiny', 'llama-tiny-untied'] as const

const fixtures = join('test', 'fixtures')

/**
 * The names of all reference models.
 *
 * @throws Error when there is none
 */
export async function referenceModels(): Promise<string[]> {
  const files = await readdir(fixtures, { recursive: true })
  const names = files.map(dirname).filter((name) => files.includes(join(name, 'goldens.json')))
  if (names.length === 0) throw new Error(`${fixtures} holds no model with a goldens.json`)
  return [...new Set(names)].toSorted()
}

export interface GoldenExample {
  readonly tokens: number[]
  readonly trained: boolean[]
}

export interface GoldenRun {
  readonly adapter: string
  readonly maxGradientNorm: number
  readonly steps: readonly {
    readonly microBatches: readonly (readonly number[])[]
    readonly loss: number
    readonly gradientNorm: number
    readonly learningRate: number
  }[]
}

export interface GoldenBatch {
  readonly examples: readonly GoldenExample[]
  readonly commonPrefixLength: number
  readonly trainedTokens: number
  readonly loss: number
  readonly gradients: string
}

/** One of the reference models in `test/fixtures`, with its golden numbers. */
export interface TinyModel {
  readonly folder: string
  readonly architecture: Architecture
  readonly config: ModelConfig
  readonly weights: CachedWeights
  readonly cacheFolder: string
  // The golden file is described in test/fixtures/README.md; each test reads the part that it compares with.
  readonly goldens: Readonly<Record<string, unknown>>
}

/** A fresh folder that is removed after the running test, or after the file's tests where none is running. */
function cleanedFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    onTestFinished(remove)
  } catch {
    afterAll(remove)
  }
  return folder
}

export async function loadTinyModel(name: string): Promise<TinyModel> {
  const folder = join(fixtures, name)
  const json = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>
  const architecture = findArchitecture((json['architectures'] as string[])[0] ?? '')
  const config = architecture.config(json)
  const cacheFolder = cleanedFolder('hone-tiny-')
  const source = (): ReturnType<typeof safetensorsWeights> =>
    safetensorsWeights([join(folder, 'model.safetensors')])
  const weights = await cachedWeights(source, architecture.tensors(config), { cacheFolder, key: 'base' })
  const goldens = JSON.parse(await readFile(join(folder, 'goldens.json'), 'utf8')) as Record<string, unknown>
  return { folder, architecture, config, weights, cacheFolder, goldens }
}

export function openTrainingSession(
  model: TinyModel,
  adapter: Adapter,
  purpose: 'gradients' | 'loss',
  options: TrainingGraphOptions & Pick<SessionOptions, 'device'> = {},
): Promise<Session> {
  const graph = buildTrainingGraph(model.architecture, model.config, adapter.config, purpose, options)
  return openModelSession(graph, [model.weights], { threads: 1, device: options.device ?? 'cpu' })
}

export async function openInferenceModel(
  model: TinyModel,
  adapter?: Adapter,
  device: Device = 'cpu',
): Promise<InferenceModel> {
  const graph = buildInferenceGraph(model.architecture, model.config, adapter?.config)
  const weights =
    adapter === undefined ? [model.weights] : [model.weights, await cacheAdapter(adapter, model.cacheFolder)]
  const session = await openModelSession(graph, weights, { threads: 1, device })
  return new InferenceModel(session, model.config)
}

export const tinyAdapter = (model: TinyModel, name: string): Promise<Adapter> =>
  readAdapter(join(model.folder, name), model.architecture, model.config)

export async function goldenTensors(model: TinyModel, file: string): Promise<ReadonlyMap<string, Tensor>> {
  return (await readSafetensors(join(model.folder, file))).tensors
}

export const toExamples = (examples: readonly GoldenExample[]): EncodedExample[] =>
  examples.map((example, index) => ({ id: `example ${index}`, ...example }))

/** Largest difference divided by the largest golden value. */
export function relativeDifference(actual: ArrayLike<number>, golden: ArrayLike<number>): number {
  if (actual.length !== golden.length || golden.length === 0) return Number.POSITIVE_INFINITY
  let difference = 0
  let largest = 0
  for (let index = 0; index < golden.length; index++) {
    difference = Math.max(difference, Math.abs((actual[index] ?? Number.NaN) - (golden[index] ?? Number.NaN)))
    largest = Math.max(largest, Math.abs(golden[index] ?? 0))
  }
  return difference / largest
}
