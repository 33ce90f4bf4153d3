import { type CandidateSpec } from '../../config/candidate-schema.ts'
import type { JudgeConfig } from '../../config/judge-schema.ts'
import { hostedPrefix, isHostedName, type HostedModel } from '../../core/hosted-model.ts'
import type { TokenPrice } from '../../evaluate/operations.ts'
import type { AskedModel } from './open-task.ts'

/** The model of a service that a candidate or judge names; undefined for one of this machine. */
export function hostedModelOf(
  {
    model,
    url,
    keyVariable,
    retries,
    concurrency,
    timeoutSeconds,
  }: CandidateSpec<string> | JudgeConfig<string>,
  price: TokenPrice | undefined,
): AskedModel | undefined {
  if (!isHostedName(model) || url === undefined) return undefined
  const hosted: HostedModel = {
    name: model.slice(hostedPrefix.length),
    url,
    ...(keyVariable === undefined ? {} : { keyVariable }),
    ...(retries === undefined ? {} : { retries }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(price === undefined ? {} : { price: { input: price.input, output: price.output } }),
  }
  // What a service calls by one name may change; answers are kept all the same, --force asks anew.
  return { id: model, folder: '', key: `${model} at ${url}`, hosted }
}
