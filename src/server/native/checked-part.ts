import { createHash } from 'node:crypto'
import { resultCacheFolder } from '../../lib/home-layout.ts'
import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts'
import { packageVersion } from '../../lib/package-version.ts'
import type { CheckedData, DataCheckRequest } from '../../service/data/data-check.ts'
import type { DataOptions } from '../../service/data/data-event.ts'
import type { OpenedPart } from '../../service/example-pages/example-pages.ts'
import { createResultCache } from '../../store/result-cache.ts'
import type { NativeContext } from './native-context.ts'

/** What is computed from a part of a dataset version, which never changes: kept, and not computed again. */
export async function computedOnce<Result extends object>(
  { home }: Pick<NativeContext, 'home'>,
  { sha256 }: OpenedPart,
  what: string,
  request: unknown,
  compute: () => Promise<Result>,
): Promise<Result> {
  const cache = createResultCache(resultCacheFolder(home))
  const settings = JSON.parse(JSON.stringify(request)) as JsonValue
  const parts = canonicalJson({ kind: `api ${what} 1`, version: packageVersion(), input: sha256, settings })
  const key = createHash('sha256').update(parts).digest('hex')
  const earlier = (await cache.get(key)) as Result | undefined
  if (earlier !== undefined) return earlier
  const result = await compute()
  await cache.put(key, result)
  return result
}

/** The check of a part by the same rules, made once. Rules that depend on the day are asked anew each day. */
export function checkedPart(
  context: NativeContext,
  part: OpenedPart,
  request: Omit<DataCheckRequest, 'file' | 'part' | 'fix' | 'force' | 'sarif' | 'schema'>,
  options: DataOptions,
): Promise<CheckedData & { readonly looks: number | null }> {
  const day = new Date(context.now()).toISOString().slice(0, 10)
  const name = `${part.dataset}/${part.part}`
  const role = part.part === 'validation' ? 'validation' : 'training'
  return computedOnce(context, part, 'check', { ...request, role, day }, () =>
    context.services.data.check({ ...request, file: name, part: role }, options),
  )
}
