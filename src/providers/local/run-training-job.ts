import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { TrainingEvent } from '../../core/training-event.ts'
import type { TrainingJob, TunedManifest } from '../../core/training-job.ts'
import type { TunedModel } from '../../core/tuner.ts'
import { writeAdapter } from '../../engine/adapter/adapter-files.ts'
import { openBaseModel } from '../../engine/base-model.ts'
import { removeActivations } from '../../engine/train/activation-cache.ts'
import { encodeExamples } from '../../engine/train/encode-examples.ts'
import { writeEpochAdapter } from '../../engine/train/epoch-adapters.ts'
import { startingAdapter } from '../../engine/train/starting-adapter.ts'
import { trainAdapter, type TrainingResult } from '../../engine/train/train-adapter.ts'
import { removeHalfWritten, replaceFileWith } from '../../lib/replace-file.ts'
import { manifestFile, readJob, readJobData } from '../../engine/train/job-files.ts'
import { openTrainingEngines, type TrainingEnginesOptions } from './training-engines.ts'
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
  // The folder is this process's alone: one that was killed may have been anywhere in it.
  await removeHalfWritten(jobFolder)
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
  const result = await train(job, {
    base,
    adapter,
    settings,
    training,
    validation,
    folder: jobFolder,
    engine,
    signal,
    onEvent,
  })
  const { dropout } = settings
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
      ...(best?.partLosses === undefined ? {} : { bestPartLosses: best.partLosses }),
    },
    trainingSeconds: seconds,
    createdAt: new Date().toISOString(),
  }
  await removeActivations(jobFolder)
  // The manifest makes the folder a model, so it comes last.
  await replaceFileWith(join(jobFolder, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`)
  return { id: job.id, folder: jobFolder, bestStep: result.bestStep, steps: step }
}

/** Everything that was opened is closed when it is done. */
async function train(job: TrainingJob, options: TrainingEnginesOptions): Promise<TrainingResult> {
  const { steps, data, keepEpochs: kept = 0, base } = job
  const { training, validation, settings, adapter, folder, signal, onEvent } = options
  const validationParts = data.validation?.parts
  await using engines = await openTrainingEngines(options)
  return await trainAdapter({
    training,
    validation,
    validationParts,
    settings,
    steps,
    adapter,
    engine: engines.training,
    validationEngine: engines.validation,
    folder,
    signal,
    ...(onEvent === undefined ? {} : { onEvent }),
    ...(kept === 0
      ? {}
      : {
          onEpoch: (end) =>
            writeEpochAdapter(folder, adapter, end, { base: base.id, dropout: settings.dropout, kept }),
        }),
  })
}
