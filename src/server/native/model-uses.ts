import type { Endpoint } from '../../service/serving/endpoint-service.ts'
import type { ServedModel } from '../../service/tuning/tuning-job.ts'
import type { Resource } from '../../store/database/resource-store.ts'
import type { StoredModel } from '../../store/read-model.ts'
import { customModelArn } from '../bedrock/control/custom-models.ts'
import type { NativeContext } from './native-context.ts'

export interface ModelUse {
  readonly api: 'hone' | 'bedrock' | 'openai' | 'anthropic'
  readonly id: string | null
  readonly note?: string
}

/** What a model is called in each API. */
export function modelUses(
  { account, parts }: Pick<NativeContext, 'account' | 'parts'>,
  model: StoredModel,
  served: readonly Resource<ServedModel>[],
  endpoints: readonly Endpoint[],
): ModelUse[] {
  if (model.kind === 'unfinished' || model.kind === 'broken') return []
  const own: ModelUse[] = (['hone', 'openai', 'anthropic'] as const).map((api) => ({ api, id: model.id }))
  if (model.kind === 'base') {
    const identifiers = parts.modelMap.list('bedrock').filter(({ localBase }) => localBase === model.id)
    return [...own, ...identifiers.map(({ identifier }): ModelUse => ({ api: 'bedrock', id: identifier }))]
  }
  const scope = { region: 'us-east-1', account }
  const bedrock = served.map((each): ModelUse => {
    const count = endpoints.filter(({ parent }) => parent === each.id).length
    return {
      api: 'bedrock',
      id: customModelArn(each, scope),
      note:
        count === 0
          ? 'it answers when it has a provisioned throughput or a deployment'
          : `it answers at ${endpoints.map(({ name }) => name).join(', ')}`,
    }
  })
  const unknown: ModelUse = {
    api: 'bedrock',
    id: null,
    note: 'it has no id there, because no Bedrock job made it; the other APIs take its name',
  }
  return [...own, ...(bedrock.length === 0 ? [unknown] : bedrock)]
}
