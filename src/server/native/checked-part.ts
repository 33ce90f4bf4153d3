import type { CheckedData, DataCheckRequest } from '../../service/data/data-check.ts'
import type { DataOptions } from '../../service/data/data-event.ts'
import { orEarlierResult, type Reusable } from '../../service/data/reuse-result.ts'
import type { OpenedPart } from '../../service/example-pages/example-pages.ts'
import type { NativeContext } from './native-context.ts'

/** What is computed from a part of a dataset version, which never changes: kept, and asked again without another look. */
export const computedOnce = <Result extends object>(
  { home }: Pick<NativeContext, 'home'>,
  { file, sha256 }: OpenedPart,
  what: string,
  settings: object,
  compute: () => Promise<Result>,
): Promise<Reusable<Result>> =>
  orEarlierResult(home, { kind: `api ${what} 2`, inputs: [{ file, sha256 }], settings }, {}, compute)

/** The check of a part by the same rules, made once. Rules that depend on the day are asked anew each day. */
export function checkedPart(
  context: NativeContext,
  part: OpenedPart,
  request: Omit<DataCheckRequest, 'file' | 'part' | 'fix' | 'force' | 'sarif' | 'schema'>,
  options: DataOptions,
): Promise<Reusable<CheckedData & { readonly looks: number | null }>> {
  const day = new Date(context.now()).toISOString().slice(0, 10)
  const name = `${part.dataset}/${part.part}`
  const role = part.part === 'validation' ? 'validation' : 'training'
  return computedOnce(context, part, 'check', { ...request, role, day }, () =>
    context.services.data.check({ ...request, file: name, part: role }, options),
  )
}
