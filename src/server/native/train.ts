import { stat } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import type { TrainingOverrides } from '../../core/training-settings.ts'
import { trainingFlags, type TrainingFlag } from '../../config/training-flags.ts'
import { trainingSchema } from '../../config/training-schema.ts'
import { modelFolder } from '../../lib/home-layout.ts'
import { trainingCommand } from '../../service/train/training-command.ts'
import { TuningNameTaken, resourceId } from '../../service/tuning/tuning-service.ts'
import { datasetScheme } from '../../service/tuning/tuning-job.ts'
import { findServedModels } from '../../service/serving/served-models.ts'
import type { ApiRoute } from '../json-api/api-route.ts'
import { trainOperations, type trainBody, type trainingPlan } from './contract/train.ts'
import { toJob } from './jobs.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute, type Answered, type Progress } from './native-route.ts'
import { modelProgress } from './work-progress.ts'

type TrainBody = z.output<typeof trainBody>

export const trainRoutes = (context: NativeContext): ApiRoute[] => {
  const { home, parts, services, runs } = context
  return [
    nativeRoute(trainOperations.getTrainable, async () => {
      const { models, available } = await services.models.list()
      return {
        bases: [
          ...models
            .filter((model) => model.kind === 'base')
            .map(({ id, parameters, contextLength, bytes, licence }) => ({
              id,
              isHere: true,
              parameters,
              contextLength,
              bytes,
              licence,
            })),
          ...available.map(({ id, bytes, licence }) => ({
            id,
            isHere: false,
            parameters: null,
            contextLength: null,
            bytes,
            licence,
          })),
        ],
        defaultBase: context.settings.defaultBase,
        machineBytes: totalmem(),
        settings: shownSettings(),
      }
    }),
    nativeRoute(trainOperations.planTraining, ({ body, signal }, onProgress) =>
      plan(context, body, signal, onProgress),
    ),
    nativeRoute(trainOperations.startTraining, async ({ body, identity, signal }) => {
      const planned = await plan(context, body, signal, () => undefined)
      const data = await dataOf(context, body)
      const suffix = resourceId().slice(0, 4)
      const name = `${body.name ?? data.name}-${suffix}`
      if ((await stat(modelFolder(home, name)).catch(() => undefined)) !== undefined) {
        throw new HoneError('E_EXISTS', `there is a model ${name}`, { hint: 'ask again' })
      }
      const [parent] = body.from === undefined ? [] : await findServedModels(parts.models, body.from)
      const { system, dropLong, settings } = body
      try {
        const job = await parts.tuning.create({
          name,
          owner: identity.user,
          modelName: name,
          profile: `local:${planned.base.id}`,
          baseIdentifier: `hone.${planned.base.id}`,
          localBase: planned.base.id,
          parent: body.from === undefined ? null : (parent?.id ?? body.from),
          ...(body.from === undefined ? {} : { parentHome: body.from }),
          homeId: name,
          training: `${datasetScheme}${data.training}`,
          validation: data.validation === null ? [] : [`${datasetScheme}${data.validation}`],
          output: '',
          hyperparameters: {},
          overrides: toOverrides(body),
          reading: { system, maxTokens: settings.maxTokens, dropLong },
          dialect: {},
        })
        return toJob((await runs.find(job.id)).run)
      } catch (error) {
        if (!(error instanceof TuningNameTaken)) throw error
        throw new HoneError('E_EXISTS', error.message, { hint: 'name it otherwise', cause: error })
      }
    }),
  ]
}

/** The parts of a dataset version that are trained on and validated with. @throws HoneError `E_NOT_FOUND` */
async function dataOf(
  { pages }: Pick<NativeContext, 'pages'>,
  { dataset, validation }: Pick<TrainBody, 'dataset' | 'validation'>,
): Promise<{ readonly name: string; readonly training: string; readonly validation: string | null }> {
  const [reference = '', partName] = dataset.split('/')
  const training = await pages.open(reference, partName)
  const own =
    partName === undefined && training.version.parts.some(({ part }) => part === 'validation')
      ? `${training.dataset}/validation`
      : null
  let given: string | null = null
  if (validation !== undefined) {
    const [other = '', otherPart] = validation.split('/')
    const opened = await pages.open(other, otherPart)
    given = `${opened.dataset}/${opened.part}`
  }
  return {
    name: training.version.name,
    training: `${training.dataset}/${training.part}`,
    validation: given ?? own,
  }
}

function toOverrides({ settings }: TrainBody): TrainingOverrides {
  const { maxTokens: _, ...overrides } = settings
  return overrides
}

/** What most people set. */
const basic = new Set(['epochs', 'learningRate', 'batchSize'])

function shownSettings(): {
  readonly name: string
  readonly flag: string
  readonly sentence: string
  readonly schema: Readonly<Record<string, unknown>>
  readonly isBasic: boolean
}[] {
  const schema: unknown = z.toJSONSchema(trainingSchema)
  const shown: readonly (typeof longest)[] = [...trainingFlags, longest]
  return shown.map(({ path, flag, description }) => ({
    name: path.join('.'),
    flag,
    sentence: description,
    schema: path.reduce<unknown>(propertyOf, schema) as Readonly<Record<string, unknown>>,
    isBasic: basic.has(path.join('.')),
  }))
}

/** Of the commands an option of how data are read. */
const longest: Pick<TrainingFlag, 'path' | 'flag' | 'description'> = {
  path: ['maxTokens'],
  flag: '--max-tokens',
  description: 'longest record in tokens; longer ones are refused or dropped, and counted',
}

const propertyOf = (schema: unknown, name: string): unknown =>
  (schema as { readonly properties?: Readonly<Record<string, unknown>> }).properties?.[name]

async function plan(
  context: NativeContext,
  body: TrainBody,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Answered<z.input<typeof trainingPlan>>> {
  const { services } = context
  const data = await dataOf(context, body)
  const base = body.base ?? (body.from === undefined ? context.settings.defaultBase : undefined)
  const warnings: string[] = []
  const { system, dropLong, from } = body
  const request = {
    data: data.training,
    validation: data.validation ?? undefined,
    base,
    from,
    system,
    maxTokens: body.settings.maxTokens,
    dropLong,
    overrides: toOverrides(body),
  }
  const planned = await services.train.plan(request, {
    signal,
    onEvent: (event) => {
      if (event.type === 'data') warnings.push(...event.warnings)
      else if (event.type === 'base') modelProgress(event.event, onProgress)
    },
  })
  const { plan: training, folder: _, ...rest } = planned
  const { settings, reasons, steps, trainableParameters, baseParameters, peakBytes } = training
  return {
    ...rest,
    settings: { ...settings },
    reasons: { ...reasons },
    steps,
    trainableParameters,
    baseParameters,
    peakBytes,
    machineBytes: totalmem(),
    warnings,
    usd: 0,
    command: trainingCommand(request),
    request: { method: 'POST', path: '/api/train', body: { ...body } },
  }
}
