import { totalmem } from 'node:os'
import type { Arithmetic, RoundingEffect } from '../core/arithmetic.ts'
import { adapterKey } from './adapter/adapter-key.ts'
import type { Adapter } from './adapter/adapter.ts'
import { adaptableModules } from './adapter/resident-adapter.ts'
import type { BaseModel } from './base-model.ts'
import { AdapterBank } from './generate/adapter-bank.ts'
import { answersAtOnce, Generator, readyForOthers } from './generate/generator.ts'
import { buildInferenceGraph, type InferenceGraphOptions } from './generate/inference-graph.ts'
import { InferenceModel, type FewRows } from './generate/inference-model.ts'
import { roundingEffect } from './generate/rounding-effect.ts'
import type { Session, SessionOptions } from './graph/session.ts'
import { openModelSession } from './model-session.ts'
import { probeConversations } from './probe-conversations.ts'
import { cachedLevels, type CachedLevels } from './weights/level-cache.ts'
import { cachedWeights, type CachedWeights, type CacheSource } from './weights/weight-cache.ts'
import { hasWideVectors } from './wide-vectors.ts'

export interface LoadedGenerator extends AsyncDisposable {
  readonly generator: Generator
  readonly model: InferenceModel
  /** Bytes of the base's weights, those as levels included. */
  readonly bytes: number
  /** Measures what `int8` changes; undefined where it was not asked for, or the base is not in levels and computes exactly. */
  readonly measureRounding: (() => Promise<RoundingEffect>) | undefined
}

export interface LoadOptions extends SessionOptions {
  /**
   * Many requests will come: spend a second, a packed copy of the weights, so that several answers are decoded faster, and one
   * as levels, where the base has them, for single answers. Default false.
   */
  readonly longLived?: boolean | undefined
  /** Each request names an adapter of its own, or none, instead of one for all. Default false. */
  readonly givenAdapters?: boolean | undefined
  /** Default `exact`. */
  readonly arithmetic?: Arithmetic | undefined
}

/**
 * The most rows of a run for each session of levels. With two rows, products in fp32 unpack the levels first and are no faster than
 * fp32 weights. Those of eight-bit inputs are faster up to eight rows; where a model does not answer for long, its answers are
 * measured or read by someone, and all that are written at once are rounded.
 */
const rowsOfLevels = (arithmetic: Arithmetic, longLived: boolean): readonly number[] =>
  arithmetic === 'exact' ? [1] : [1, longLived ? 8 : answersAtOnce]

// Packed weights are a copy, where those of the file are mapped. The same machine must give the same bits again, so what is free
// now does not decide.
const mostPacked = 1 / 4

/** Opens a base, with an adapter or without, for generation. */
export async function loadGenerator(
  base: BaseModel,
  adapter: Adapter | undefined,
  cacheFolder: string,
  { longLived = false, givenAdapters = false, arithmetic = 'exact', ...options }: LoadOptions = {},
): Promise<LoadedGenerator> {
  const { architecture, config } = base
  const weights =
    adapter === undefined ? [base.weights] : [base.weights, await cacheAdapter(adapter, cacheFolder)]
  const isLocal = options.device !== 'webgpu'
  const isPacked = longLived && isLocal && bytesOf(base.weights) < mostPacked * totalmem()
  const use = isLocal ? await useOfLevels(arithmetic, longLived, isPacked) : undefined
  const levels = use === undefined ? undefined : await baseLevels(base, cacheFolder)
  const open = (
    prepacking: boolean,
    graphOptions: InferenceGraphOptions,
    own?: CachedWeights,
  ): Promise<Session> => {
    const graph = buildInferenceGraph(architecture, config, adapter?.config, {
      givenAdapters,
      ...graphOptions,
    })
    return openModelSession(graph, own === undefined ? weights : [...weights, own], {
      ...options,
      prepacking,
    })
  }
  const openLevels = async (rows: number, inputs: Arithmetic): Promise<FewRows[]> => {
    if (levels === undefined) return []
    const { bits, weights: own } = levels
    const graphOptions = { levels: { bits, arithmetic: inputs }, singleRow: rows === 1 }
    return [{ rows, session: await open(true, graphOptions, own) }]
  }
  const rowsOfSessions = use === 'products' ? rowsOfLevels(arithmetic, longLived) : []
  const [session, drafts, few] = await Promise.all([
    open(isPacked, {}),
    use === 'drafts' ? openLevels(1, 'int8') : [],
    Promise.all(rowsOfSessions.map((rows) => openLevels(rows, arithmetic))),
  ])
  const model = new InferenceModel(session, config, {
    few: few.flat(),
    draft: drafts[0]?.session,
    adapters: givenAdapters ? new AdapterBank(adaptableModules(architecture, config)) : undefined,
  })
  const isRounded = arithmetic === 'int8' && levels !== undefined
  return {
    model,
    measureRounding: isRounded
      ? (): Promise<RoundingEffect> =>
          roundingEffect(model, probeTokens(base), Math.max(...rowsOfLevels(arithmetic, longLived)))
      : undefined,
    bytes: bytesOf(base.weights) + (levels === undefined ? 0 : bytesOf(levels.weights)),
    generator: new Generator(
      model,
      base.text.tokenizer,
      base.text.chatText.endOfTurn,
      answersAtOnce,
      longLived ? readyForOthers : undefined,
    ),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  }
}

/**
 * What levels are good for: runs of few rows are computed from them, or only foretold and then checked, where a model answers
 * for long and the processor is slower with exact products of levels than with packed fp32 numbers. Other processors than those
 * of x64 were not measured.
 */
async function useOfLevels(
  arithmetic: Arithmetic,
  longLived: boolean,
  isPacked: boolean,
): Promise<'products' | 'drafts' | undefined> {
  if (arithmetic === 'int8') return 'products'
  if (!longLived) return undefined
  if (await hasWideVectors()) return 'products'
  return isPacked && process.arch === 'x64' ? 'drafts' : undefined
}

const probeTokens = ({ text }: BaseModel): number[] =>
  probeConversations.flatMap((messages) => text.chatText.encodeExample(messages).tokens)

const bytesOf = ({ tensors }: CachedWeights): number =>
  [...tensors.values()].reduce((sum, { length }) => sum + length, 0)

/** The base's matrices as levels; undefined where its file does not have all of them so. */
function baseLevels(base: BaseModel, cacheFolder: string): Promise<CachedLevels | undefined> {
  const { architecture, config, specs, weightsKey } = base
  const linear = specs.filter(({ name }) =>
    architecture.linearModules.some((module) => name.endsWith(`.${module}.weight`)),
  )
  const names = [...linear.map(({ name }) => name), architecture.projection(config)]
  return cachedLevels(() => base.openWeights(), names, { cacheFolder, key: weightsKey })
}

/** The adapter's matrices as a weight file beside the base's, so that both are mapped into memory alike. */
export function cacheAdapter(adapter: Adapter, cacheFolder: string): Promise<CachedWeights> {
  const key = adapterKey(adapter)
  const source: CacheSource = {
    read(name) {
      const tensor = adapter.tensors.get(name)
      if (tensor === undefined) throw new Error(`the adapter has no ${name}`)
      return Promise.resolve(tensor.data)
    },
    close: () => Promise.resolve(),
  }
  const specs = [...adapter.tensors].map(([name, { shape }]) => ({ name, shape }))
  return cachedWeights(() => Promise.resolve(source), specs, { cacheFolder, key })
}
