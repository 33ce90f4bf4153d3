import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { TrainingEvent } from '../../core/training-event.ts'
import type { TunedManifest } from '../../core/training-job.ts'
import type { TrainingSettings } from '../../core/training-settings.ts'
import type { TunedModel } from '../../core/tuner.ts'
import { writeAdapter } from '../../engine/adapter/adapter-files.ts'
import { openBaseModel, type BaseModel } from '../../engine/base-model.ts'
import type { Graph } from '../../engine/graph/graph.ts'
import type { Session } from '../../engine/graph/session.ts'
import { openModelSession } from '../../engine/model-session.ts'
import { encodeExamples } from '../../engine/train/encode-examples.ts'
import { DropoutMasks } from '../../engine/train/dropout-masks.ts'
import { GradientEngine, type LossEngine } from '../../engine/train/gradient-engine.ts'
import { PreferenceEngine } from '../../engine/train/preference-engine.ts'
import {
  referenceLogProbabilities,
  type ReferenceRun,
} from '../../engine/train/reference-log-probabilities.ts'
import { startingAdapter } from '../../engine/train/starting-adapter.ts'
import { trainAdapter } from '../../engine/train/train-adapter.ts'
import { buildTrainingGraph } from '../../engine/train/training-graph.ts'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { manifestFile, readJob, readJobData } from '../../engine/train/job-files.ts'
import type { EngineOptions } from './training-protocol.ts'

export interface RunJobOptions {
  readonly signal?: AbortSignal
  readonly onEvent?: (event: TrainingEvent) => void
}

/** Runs a job in this process, from its start or its newest checkpoint, to the model's manifest. */
export async function runTrainingJob(
  jobFolder: string,
  engine: EngineOptions,
  { signal, onEvent }: RunJobOptions,
): Promise<TunedModel> {
  const job = await readJob(jobFolder)
  const base = await openBaseModel(job.base.folder, { cacheFolder: engine.cacheFolder, signal })
  if (base.weightsKey !== job.base.weights || base.text.template.hash !== job.template.sha256) {
    const what = base.weightsKey === job.base.weights ? 'chat template' : 'weights'
    throw new HoneError('E_RESUME', `the ${what} of ${job.base.id} changed since the job was made`, {
      at: { file: job.base.folder },
      hint: 'start a new job',
    })
  }
  const { settings } = job
  const training = encodeExamples(
    await readJobData(jobFolder, job.data.training),
    base.text.chatText,
    settings,
  )
  const validationFile = job.data.validation
  const validation =
    validationFile === null
      ? []
      : encodeExamples(await readJobData(jobFolder, validationFile), base.text.chatText, settings)
  const adapter = await startingAdapter(jobFolder, job, base.architecture, base.config)
  const { dropout, gradientCheckpointing, preference } = settings
  const graphOf = (purpose: 'gradients' | 'loss'): Graph =>
    buildTrainingGraph(base.architecture, base.config, adapter.config, purpose, {
      dropout,
      gradientCheckpointing,
      preference,
    })
  const open = (graph: Graph): Promise<Session> =>
    openModelSession(graph, [base.weights], {
      ...(engine.threads === undefined ? {} : { threads: engine.threads }),
      ...(engine.device === undefined ? {} : { device: engine.device }),
    })
  const graph = graphOf('gradients')
  await using session = await open(graph)
  await using validationSession = await open(graphOf('loss'))
  const sessions = {
    training: session,
    validation: validationSession,
    masks: dropout > 0 ? new DropoutMasks(graph, dropout) : undefined,
  }
  const pairs = [...training, ...validation]
  const engines = await createEngines(
    base,
    sessions,
    settings,
    commonPrefixLength(training.map(({ tokens }) => tokens)),
    {
      pairs,
      adapter,
      folder: jobFolder,
      signal,
      onEvent,
    },
  )

  const result = await trainAdapter({
    training,
    validation,
    settings,
    steps: job.steps,
    adapter,
    engine: engines.training,
    validationEngine: engines.validation,
    folder: jobFolder,
    signal,
    ...(onEvent === undefined ? {} : { onEvent }),
  })

  await writeAdapter(join(jobFolder, 'adapter'), result.best, job.base.id, { dropout })
  await writeAdapter(join(jobFolder, 'adapter-last'), result.last, job.base.id, { dropout })
  const { history, step, best, seconds } = result.state
  const { kind: _kind, ...jobFields } = job
  const manifest: TunedManifest = {
    ...jobFields,
    kind: 'tuned',
    adapter: 'adapter',
    bestStep: result.bestStep,
    stepsDone: step,
    metrics: {
      firstLoss: history.steps[0]?.loss ?? null,
      lastLoss: history.steps.at(-1)?.loss ?? null,
      bestValidationLoss: best?.loss ?? null,
    },
    trainingSeconds: seconds,
    createdAt: new Date().toISOString(),
  }
  // The manifest makes the folder a model, so it comes last.
  await replaceFileWith(join(jobFolder, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`)
  return { id: job.id, folder: jobFolder, bestStep: result.bestStep, steps: step }
}

interface Engines {
  readonly training: LossEngine
  readonly validation: LossEngine
}

interface OpenSessions {
  readonly training: Session
  readonly validation: Session
  readonly masks: DropoutMasks | undefined
}

/** What computes the losses of a job; for preference pairs with the references, which are computed first. */
async function createEngines(
  { config }: BaseModel,
  { training, validation, masks }: OpenSessions,
  { preference }: TrainingSettings,
  datasetPrefix: number,
  references: Omit<ReferenceRun, 'engine'>,
): Promise<Engines> {
  if (preference === null) {
    return {
      training: new GradientEngine(training, config, datasetPrefix, masks),
      validation: new GradientEngine(validation, config, datasetPrefix),
    }
  }
  const common = { config, datasetPrefix, preference }
  const engine = new PreferenceEngine({ ...common, session: validation, references: new Map() })
  const known = await referenceLogProbabilities({ ...references, engine })
  return {
    training: new PreferenceEngine({ ...common, session: training, masks, references: known }),
    validation: new PreferenceEngine({ ...common, session: validation, references: known }),
  }
}
