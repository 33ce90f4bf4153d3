import type { NamedModel } from '../../service/serving/model-directory.ts'
import type { MappedBase } from '../../service/serving/model-map.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import type { AnthropicContext } from './anthropic-context.ts'

type Names = Pick<AnthropicContext, 'directory' | 'modelMap'>

/**
 * The model that a request names: one of the directory, or a Claude that the map knows, by its name at Anthropic or at
 * Amazon Bedrock.
 *
 * @throws ApiFault `not-found`
 */
export async function requireModel({ directory, modelMap }: Names, name: string): Promise<NamedModel> {
  const found =
    (await directory.find(name)) ?? claudes(modelMap).find((claude) => claude.names.includes(name))?.model
  if (found === undefined) {
    throw new ApiFault('not-found', `model: ${name.slice(0, 200)}`, {
      code: 'E_MODEL_UNKNOWN',
      hint: 'GET /v1/models lists those that are here; models.map of hone.server.yaml gives them other names',
    })
  }
  return { ...found, name }
}

/** All models that requests can name, newest first. */
export async function listedModels({ directory, modelMap }: Names): Promise<NamedModel[]> {
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
