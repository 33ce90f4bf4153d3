import type { AnsweringModel } from '../../service/serving/answering-models.ts'
import type { MappedBase } from '../../service/serving/model-map.ts'
import { jobStage, jobStages } from '../../service/tuning/job-stages.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import type { AnthropicContext } from './anthropic-context.ts'

type Names = Pick<AnthropicContext, 'answering' | 'checkpoints' | 'modelMap' | 'tuning'>

export const jobIdPrefix = 'ftjob_'

/** The name of a job's model as it was after a step. */
export const checkpointName = (jobId: string, step: number): string => `${jobIdPrefix}${jobId}:step-${step}`

/**
 * The model that a request names: what the operator's settings call so, a model that answers under this name, a checkpoint of a
 * job, or a Claude that the map knows, by its name at Anthropic or at Amazon Bedrock.
 *
 * @throws ApiFault `not-found`
 */
export async function requireModel(context: Names, name: string): Promise<AnsweringModel> {
  const model = await findModel(context, name)
  if (model !== undefined) return { ...model, name }
  throw new ApiFault('not-found', `model: ${name.slice(0, 200)}`, {
    code: 'E_MODEL_UNKNOWN',
    hint: 'GET /v1/models lists those that are here; models.map of hone.server.yaml gives them other names',
  })
}

export async function findModel(context: Names, name: string): Promise<AnsweringModel | undefined> {
  const { answering, modelMap } = context
  const localBase = modelMap.baseNamed(name)
  if (localBase !== undefined) return standIn(name, localBase)
  return (
    (await answering.find('local', name)) ??
    (await findCheckpoint(context, name)) ??
    claudes(modelMap).find((claude) => claude.names.includes(name))?.model
  )
}

/** All models that requests can name but endpoints and checkpoints, newest first. */
export async function listedModels({
  answering,
  modelMap,
}: Pick<Names, 'answering' | 'modelMap'>): Promise<readonly AnsweringModel[]> {
  const models = [
    ...modelMap.named.map((name) => standIn(name, modelMap.baseNamed(name) ?? name)),
    ...(await answering.list('local')),
    ...claudes(modelMap).map(({ model }) => model),
  ]
  // The first of a name is the one that answers.
  const byName = new Map(models.toReversed().map((model) => [model.name, model]))
  return [...byName.values()].toSorted((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1))
}

/** A model in words; Hone never pretends that the local base is the one that was named. */
export const titleOf = ({ name, homeId, localBase }: AnsweringModel): string =>
  name === localBase
    ? name
    : homeId === localBase
      ? `${name} (${localBase} stands in for it)`
      : `${name} (tuned ${localBase})`

async function findCheckpoint(
  { checkpoints, tuning }: Names,
  name: string,
): Promise<AnsweringModel | undefined> {
  const [, id, step] = new RegExp(`^${jobIdPrefix}([a-z0-9]+):step-(\\d{1,9})$`).exec(name) ?? []
  const job = id === undefined ? undefined : await tuning.find(id)
  if (job === undefined || !jobStages[jobStage(job)].anthropic.checkpoints) return undefined
  const checkpoint = await checkpoints.find(job.id, Number(step))
  if (checkpoint === undefined) return undefined
  const { homeId, localBase } = checkpoint.document
  const { baseIdentifier } = job.spec
  return { name, kind: 'tuned', homeId, localBase, baseIdentifier, createdAt: checkpoint.createdAt }
}

interface Claude {
  readonly names: readonly string[]
  readonly model: AnsweringModel
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

const standIn = (name: string, localBase: string, profile?: MappedBase['profile']): AnsweringModel => ({
  name,
  kind: 'base',
  homeId: localBase,
  localBase,
  baseIdentifier: name,
  createdAt: Date.parse(profile?.lifecycle.launched ?? '1970-01-01'),
})
