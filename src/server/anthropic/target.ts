import type { NamedModel } from '../../service/serving/model-directory.ts'
import type { MappedBase } from '../../service/serving/model-map.ts'
import { jobStage, jobStages } from '../../service/tuning/job-stages.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import type { AnthropicContext } from './anthropic-context.ts'

type Names = Pick<AnthropicContext, 'checkpoints' | 'directory' | 'modelMap' | 'tuning'>

export const jobIdPrefix = 'ftjob_'

/** The name of a job's model as it was after a step. */
export const checkpointName = (jobId: string, step: number): string => `${jobIdPrefix}${jobId}:step-${step}`

/**
 * The model that a request names: one of the directory, a checkpoint of a job, or a Claude that the map knows, by its name at
 * Anthropic or at Amazon Bedrock.
 *
 * @throws ApiFault `not-found`
 */
export async function requireModel(context: Names, name: string): Promise<NamedModel> {
  const found =
    (await context.directory.find(name)) ??
    (await findCheckpoint(context, name)) ??
    claudes(context.modelMap).find((claude) => claude.names.includes(name))?.model
  if (found !== undefined) return { ...found, name }
  throw new ApiFault('not-found', `model: ${name.slice(0, 200)}`, {
    code: 'E_MODEL_UNKNOWN',
    hint: 'GET /v1/models lists those that are here; models.map of hone.server.yaml gives them other names',
  })
}

async function findCheckpoint({ checkpoints, tuning }: Names, name: string): Promise<NamedModel | undefined> {
  const [, id, step] = new RegExp(`^${jobIdPrefix}([a-z0-9]+):step-(\\d{1,9})$`).exec(name) ?? []
  const job = id === undefined ? undefined : await tuning.find(id)
  if (job === undefined || !jobStages[jobStage(job)].anthropic.checkpoints) return undefined
  const checkpoint = await checkpoints.find(job.id, Number(step))
  if (checkpoint === undefined) return undefined
  const { homeId, localBase } = checkpoint.document
  return {
    name,
    title: `${job.spec.modelName} after step ${checkpoint.document.step}`,
    homeId,
    localBase,
    baseIdentifier: job.spec.baseIdentifier,
    createdAt: checkpoint.createdAt,
    contextLength: undefined,
  }
}

/** All models that requests can name, newest first. */
export async function listedModels({
  directory,
  modelMap,
}: Pick<Names, 'directory' | 'modelMap'>): Promise<NamedModel[]> {
  const listed = await directory.list()
  const known = new Set(listed.map(({ name }) => name))
  const others = claudes(modelMap)
    .map(({ model }) => model)
    .filter(({ name }) => !known.has(name))
  return [...listed, ...others].toSorted((a, b) => b.createdAt - a.createdAt)
}

interface Claude {
  readonly names: readonly string[]
  readonly model: NamedModel
}

/** `anthropic.NAME-v1:0` of Bedrock is `NAME` at Anthropic. */
function claudes(modelMap: AnthropicContext['modelMap']): readonly Claude[] {
  const all = new Map<string, Claude>()
  for (const { identifier, localBase, profile } of modelMap.list('bedrock')) {
    const name = /^anthropic\.(.+)-v\d+:\d+/.exec(identifier)?.[1]
    if (name === undefined) continue
    const known = all.get(name) ?? { names: [name], model: standIn(name, localBase, profile) }
    all.set(name, { ...known, names: [...known.names, identifier] })
  }
  return [...all.values()]
}

const standIn = (name: string, localBase: string, { lifecycle }: MappedBase['profile']): NamedModel => ({
  name,
  title: `${name} (${localBase} stands in for it)`,
  homeId: localBase,
  localBase,
  baseIdentifier: name,
  createdAt: Date.parse(lifecycle.launched ?? '1970-01-01'),
  contextLength: undefined,
})
