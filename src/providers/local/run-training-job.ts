import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { TrainingEvent } from '../../core/training-event.ts'
import type { TunedManifest } from '../../core/training-job.ts'
import type { TunedModel } from '../../core/tuner.ts'
import { initializeAdapter, type Adapter } from '../../engine/adapter/adapter.ts'
import { writeAdapter } from '../../engine/adapter/adapter-files.ts'
import { openBaseModel, type BaseModel } from '../../engine/base-model.ts'
import { openModelSession } from '../../engine/model-session.ts'
import type { Session } from '../../engine/graph/session.ts'
import { encodeExamples } from '../../engine/train/encode-examples.ts'
import { GradientEngine } from '../../engine/train/gradient-engine.ts'
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
  const training = encodeExamples(await readJobData(jobFolder, job.data.training), base.text.chatText)
  const validationFile = job.data.validation
  const validation =
    validationFile === null
      ? []
      : encodeExamples(await readJobData(jobFolder, validationFile), base.text.chatText)
  const adapterConfig = { rank: settings.rank, alpha: settings.alpha, targetModules: settings.targets }
  const adapter = initializeAdapter(base.architecture, base.config, adapterConfig, settings.seed)
  const prefix = commonPrefixLength(training.map(({ tokens }) => tokens))
  await using session = await openTraining(base, adapter, 'gradients', engine)
  await using validationSession = await openTraining(base, adapter, 'loss', engine)
  const engineOf = (used: Session): GradientEngine => new GradientEngine(used, base.config, prefix)

  const result = await trainAdapter({
    training,
    validation,
    settings,
    steps: job.steps,
    adapter,
    engine: engineOf(session),
    validationEngine: engineOf(validationSession),
    folder: jobFolder,
    signal,
    ...(onEvent === undefined ? {} : { onEvent }),
  })

  await writeAdapter(join(jobFolder, 'adapter'), result.best, job.base.id)
  await writeAdapter(join(jobFolder, 'adapter-last'), result.last, job.base.id)
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

function openTraining(
  base: BaseModel,
  adapter: Adapter,
  purpose: 'gradients' | 'loss',
  { threads, device }: EngineOptions,
): Promise<Session> {
  const graph = buildTrainingGraph(base.architecture, base.config, adapter.config, purpose)
  return openModelSession(graph, [base.weights], {
    ...(threads === undefined ? {} : { threads }),
    ...(device === undefined ? {} : { device }),
  })
}
