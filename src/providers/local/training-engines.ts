import type { TrainingEvent } from '../../core/training-event.ts'
import type { TrainingSettings } from '../../core/training-settings.ts'
import { firstAdaptedLayer, type Adapter } from '../../engine/adapter/adapter.ts'
import type { BaseModel } from '../../engine/base-model.ts'
import type { Graph } from '../../engine/graph/graph.ts'
import type { Session } from '../../engine/graph/session.ts'
import { lazySession } from '../../engine/lazy-session.ts'
import { openModelSession } from '../../engine/model-session.ts'
import { openActivationCache, type ActivationCache } from '../../engine/train/activation-cache.ts'
import { DropoutMasks } from '../../engine/train/dropout-masks.ts'
import type { EncodedExample } from '../../engine/train/encoded-example.ts'
import { buildFrozenGraph } from '../../engine/train/frozen-graph.ts'
import { GradientEngine, type LossEngine } from '../../engine/train/gradient-engine.ts'
import { PreferenceEngine } from '../../engine/train/preference-engine.ts'
import { referenceLogProbabilities } from '../../engine/train/reference-log-probabilities.ts'
import { buildTrainingGraph } from '../../engine/train/training-graph.ts'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import type { EngineOptions } from './training-protocol.ts'

export interface TrainingEnginesOptions {
  readonly base: BaseModel
  /** The starting point. */
  readonly adapter: Adapter
  readonly settings: TrainingSettings
  readonly training: readonly EncodedExample[]
  readonly validation: readonly EncodedExample[]
  /** The job's folder. */
  readonly folder: string
  readonly engine: EngineOptions
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined
}

/** What computes the losses of a job. */
export interface TrainingEngines extends AsyncDisposable {
  readonly training: LossEngine
  readonly validation: LossEngine
}

/**
 * Opens what a job computes with. Activations that are kept come first, then the references of preference pairs.
 *
 * @throws HoneError `E_INTERRUPTED` after the signal, `E_NAN`, `E_DISK`
 */
export async function openTrainingEngines(options: TrainingEnginesOptions): Promise<TrainingEngines> {
  const { base, adapter, settings, training, validation, folder, engine, signal, onEvent } = options
  const { architecture, config } = base
  const { dropout, gradientCheckpointing, preference } = settings
  const open = (graph: Graph): Promise<Session> =>
    openModelSession(graph, [base.weights], {
      ...(engine.threads === undefined ? {} : { threads: engine.threads }),
      ...(engine.device === undefined ? {} : { device: engine.device }),
    })

  const datasetPrefix = commonPrefixLength(training.map(({ tokens }) => tokens))
  const fromLayer = settings.activationCache ? firstAdaptedLayer(architecture, config, adapter.config) : 0
  const activations =
    fromLayer === 0 ? undefined : await keptActivations(options, fromLayer, datasetPrefix, open)
  const graphOf = (purpose: 'gradients' | 'loss'): Graph =>
    buildTrainingGraph(architecture, config, adapter.config, purpose, {
      dropout,
      gradientCheckpointing,
      preference,
      fromLayer,
    })
  const graph = graphOf('gradients')
  const masks = dropout > 0 ? new DropoutMasks(graph, dropout) : undefined
  const sessions = {
    training: lazySession(() => open(graph)),
    validation: lazySession(() => open(graphOf('loss'))),
  }
  const close = async (): Promise<void> => {
    await sessions.training[Symbol.asyncDispose]()
    await sessions.validation[Symbol.asyncDispose]()
    await activations?.[Symbol.asyncDispose]()
  }
  const engines = async (): Promise<Omit<TrainingEngines, keyof AsyncDisposable>> => {
    if (preference === null) {
      return {
        training: new GradientEngine(sessions.training, config, datasetPrefix, { masks, activations }),
        validation: new GradientEngine(sessions.validation, config, datasetPrefix, { activations }),
      }
    }
    const common = { config, datasetPrefix, preference, activations }
    const ofStart = new PreferenceEngine({ ...common, session: sessions.validation, references: new Map() })
    const pairs = [...training, ...validation]
    const references = await referenceLogProbabilities({
      pairs,
      adapter,
      engine: ofStart,
      folder,
      signal,
      onEvent,
    })
    return {
      training: new PreferenceEngine({ ...common, session: sessions.training, masks, references }),
      validation: new PreferenceEngine({ ...common, session: sessions.validation, references }),
    }
  }
  try {
    return { ...(await engines()), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

function keptActivations(
  { base, training, validation, folder, signal, onEvent }: TrainingEnginesOptions,
  layers: number,
  datasetPrefix: number,
  open: (graph: Graph) => Promise<Session>,
): Promise<ActivationCache> {
  return openActivationCache({
    config: base.config,
    sequences: [...training, ...validation].flatMap((example) =>
      example.rejected === undefined ? [example] : [example, example.rejected],
    ),
    prefix: training[0]?.tokens.slice(0, datasetPrefix) ?? [],
    key: `${base.weightsKey} ${layers}`,
    folder,
    openFrozen: () => open(buildFrozenGraph(base.architecture, base.config, layers)),
    signal,
    onEvent,
  })
}
