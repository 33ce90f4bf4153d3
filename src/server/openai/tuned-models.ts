import { removeServedModel } from '../../service/model-jobs/remove-served-model.ts'
import type { AnsweringModel } from '../../service/serving/answering-models.ts'
import { jobStage, jobStages } from '../../service/tuning/job-stages.ts'
import type { TunedCheckpoint } from '../../service/tuning/tuned-checkpoints.ts'
import type { ServedModel, TuningJob } from '../../service/tuning/tuning-job.ts'
import type { Resource } from '../../store/database/resource-store.ts'
import {
  readFineTunedName,
  toNameSuffix,
  writeFineTunedName,
  type FineTunedName,
} from '../../wire/openai/fine-tuned-name.ts'
import type { ApiContext } from '../create-json-apis.ts'

/** The organization that names of models carry. */
export const organization = 'hone'

/** A model that was tuned here by whatever API, or taken in, as it is called here. */
export interface TunedModel extends AnsweringModel {
  /** `ft:BASE:ORGANIZATION:SUFFIX:ID`, and `:ckpt-step-STEP` of a checkpoint. */
  readonly name: string
  /** Id of the model whose training a job can go on with, for its spec. */
  readonly modelId: string
  /** @throws ModelInUse while endpoints answer with it */
  remove(): Promise<void>
}

export type TunedModelsContext = Pick<
  ApiContext,
  'models' | 'tuning' | 'checkpoints' | 'endpoints' | 'tags' | 'atomically' | 'removeModel'
>

/** The name of what a job makes, or of one of its checkpoints. */
export const tunedNameOf = ({ id, spec }: Pick<TuningJob, 'id' | 'spec'>, step?: number): string =>
  nameOf({ id, base: spec.baseIdentifier, suffix: suffixOf(spec), ...(step === undefined ? {} : { step }) })

/** The model with exactly this name, if it can answer. */
export async function findTunedModel(
  context: TunedModelsContext,
  name: string,
): Promise<TunedModel | undefined> {
  const { id, step } = readFineTunedName(name) ?? {}
  if (id === undefined) return undefined
  const job = await context.tuning.find(id)
  const found =
    step === undefined ? await findWhole(context, id, job) : job && (await findCheckpoint(context, job, step))
  return found?.name === name ? found : undefined
}

/** Everything that `findTunedModel` finds, newest first. */
export async function listTunedModels(context: TunedModelsContext): Promise<TunedModel[]> {
  const [models, checkpoints] = await Promise.all([
    all<Resource<ServedModel>>((after) =>
      context.models.list({ states: ['active'], limit: pageSize, ...after }),
    ),
    all<TunedCheckpoint>((after) => context.checkpoints.listAll({ limit: pageSize, ...after })),
  ])
  const jobs = new Map<string, TuningJob | undefined>()
  const jobOf = async (id: string | null): Promise<TuningJob | undefined> => {
    if (id === null) return undefined
    if (!jobs.has(id)) jobs.set(id, await context.tuning.find(id))
    return jobs.get(id)
  }
  const found: (TunedModel | undefined)[] = []
  for (const model of models) found.push(wholeModel(context, model, await jobOf(model.document.jobId)))
  for (const { parent, document } of checkpoints) {
    const job = await jobOf(parent)
    found.push(job && (await findCheckpoint(context, job, document.step)))
  }
  return found.filter((each) => each !== undefined).toSorted((a, b) => b.createdAt - a.createdAt)
}

const pageSize = 1000

async function all<Item extends { readonly createdAt: number; readonly id: string }>(
  list: (after: { after?: Item }) => Promise<Item[]>,
): Promise<Item[]> {
  const items: Item[] = []
  for (;;) {
    const last = items.at(-1)
    const page = await list(last === undefined ? {} : { after: last })
    items.push(...page)
    if (page.length < pageSize) return items
  }
}

/** By the id of its job, or by its own where it was copied or taken in. */
async function findWhole(
  context: TunedModelsContext,
  id: string,
  job: TuningJob | undefined,
): Promise<TunedModel | undefined> {
  const model = await context.models.findRecent('id', job?.spec.modelId ?? id)
  return model?.state === 'active' ? wholeModel(context, model, job) : undefined
}

function wholeModel(
  context: TunedModelsContext,
  model: Resource<ServedModel>,
  job: TuningJob | undefined,
): TunedModel {
  const { document, createdAt } = model
  const { homeId, localBase, baseIdentifier } = document
  const isOfJob = job?.spec.modelId === model.id
  return {
    name: isOfJob
      ? tunedNameOf(job)
      : nameOf({ id: model.id, base: baseIdentifier, suffix: toNameSuffix(model.name) }),
    kind: 'tuned',
    homeId,
    localBase,
    baseIdentifier,
    modelId: model.id,
    createdAt,
    remove: () => removeServedModel(context, model),
  }
}

async function findCheckpoint(
  { checkpoints }: TunedModelsContext,
  job: TuningJob,
  step: number,
): Promise<TunedModel | undefined> {
  if (!jobStages[jobStage(job)].openai.checkpoints) return undefined
  const checkpoint = await checkpoints.find(job.id, step)
  if (checkpoint === undefined) return undefined
  const { homeId, localBase } = checkpoint.document
  return {
    name: tunedNameOf(job, step),
    kind: 'tuned',
    homeId,
    localBase,
    baseIdentifier: job.spec.baseIdentifier,
    modelId: job.spec.modelId,
    createdAt: checkpoint.createdAt,
    remove: () => checkpoints.remove(checkpoint),
  }
}

const nameOf = (name: Omit<FineTunedName, 'organization'>): string =>
  writeFineTunedName({ ...name, organization })

/** Of a job that another API made: the name of its model. */
const suffixOf = ({ dialect, modelName }: TuningJob['spec']): string => {
  const { api, suffix } = dialect
  return api === 'openai' ? toNameSuffix(typeof suffix === 'string' ? suffix : '') : toNameSuffix(modelName)
}
