import type { Resource, ResourceStore } from '../../store/database/resource-store.ts'
import type { ServedModel } from '../tuning/tuning-job.ts'

/** Every model that the APIs know by the files of a model of the home: one that was tuned, and its copies. */
export async function findServedModels(
  models: Pick<ResourceStore<ServedModel>, 'list'>,
  homeId: string,
): Promise<Resource<ServedModel>[]> {
  const found: Resource<ServedModel>[] = []
  let after: { readonly createdAt: number; readonly id: string } | undefined
  do {
    const page = await models.list({ limit: 500, ...(after === undefined ? {} : { after }) })
    found.push(...page.filter(({ state, document }) => state !== 'removing' && document.homeId === homeId))
    after = page.length < 500 ? undefined : page.at(-1)
  } while (after !== undefined)
  return found
}
