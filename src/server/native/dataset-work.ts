import type { DataOptions } from '../../service/data/data-event.ts'
import { findClusters } from '../../service/dataset-views/find-clusters.ts'
import { fixDataset } from '../../service/dataset-views/fix-dataset.ts'
import { redactDataset } from '../../service/dataset-views/redact-dataset.ts'
import type { OpenedPart } from '../../service/example-pages/example-pages.ts'
import type { ApiCall, ApiRoute } from '../json-api/api-route.ts'
import { checkedPart, computedOnce } from './checked-part.ts'
import { datasetOperations } from './contract/datasets.ts'
import { datasetReference } from './datasets.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute, type Progress } from './native-route.ts'
import { dataProgress } from './work-progress.ts'

export const datasetWorkRoutes = (context: NativeContext): ApiRoute[] => {
  const { home, services, pages } = context
  const partOf = (call: ApiCall<{ readonly part?: string | undefined }>): Promise<OpenedPart> =>
    pages.open(datasetReference(call), call.body.part)
  return [
    nativeRoute(datasetOperations.checkDataset, async (call, onProgress) => {
      const part = await partOf(call)
      const { part: _, ...request } = call.body
      const checked = await checkedPart(context, part, request, follow(call, onProgress))
      const { schema: _schema, file: _file, sarif: _sarif, fixed: _fixed, ...said } = checked
      // A part of a dataset is JSONL.
      const { kind: _kind, unit: _unit, notes: _notes, ...rest } = said
      return { ...named(part), ...rest }
    }),
    nativeRoute(datasetOperations.fixDataset, async (call, onProgress) => {
      const { part: _, ...request } = call.body
      return fixDataset(home, services.data, await partOf(call), request, follow(call, onProgress))
    }),
    nativeRoute(datasetOperations.getStatistics, async (call, onProgress) => {
      const part = await partOf(call)
      const { label } = call.body
      const statistics = await computedOnce(context, part, 'statistics', { label }, () =>
        services.data.stats({ file: nameOf(part), label }, follow(call, onProgress)),
      )
      const { schema: _schema, file: _file, ...rest } = statistics
      return { ...named(part), ...rest }
    }),
    nativeRoute(datasetOperations.countTokens, async (call, onProgress) => {
      const part = await partOf(call)
      const { part: _, ...request } = call.body
      const base = request.base ?? (request.for === undefined ? context.settings.defaultBase : undefined)
      const counted = await services.data.tokens(
        { ...request, base, file: nameOf(part) },
        follow(call, onProgress),
      )
      const { schema: _schema, file: _file, ...rest } = counted
      return { ...named(part), ...rest }
    }),
    nativeRoute(datasetOperations.findDuplicates, async (call, onProgress) => {
      const part = await partOf(call)
      const { part: _, clusters: most, against, ...request } = call.body
      const others = await Promise.all(
        against.map(async (reference) => {
          const [dataset = '', otherPart] = reference.split('/')
          return nameOf(await pages.open(dataset, otherPart))
        }),
      )
      const file = nameOf(part)
      const { outcome, clusters } = await findClusters(
        services.data,
        { ...request, file, against: others },
        most,
        follow(call, onProgress),
      )
      const { records, kept, dropped, clusters: found, samples, dataset: made } = outcome
      return {
        ...named(part),
        records,
        kept,
        dropped,
        count: found.count,
        largest: found.largest,
        answersDiffer: found.answersDiffer,
        // Files of the home are named as the client knows them.
        clusters: clusters.map((cluster) => ({
          ...cluster,
          kept: cluster.kept.map((record) => ({ ...record, file: partName(record.file) })),
          dropped: cluster.dropped.map((record) => ({
            ...record,
            file: partName(record.file),
            like: { ...record.like, file: partName(record.like.file) },
          })),
        })),
        samples,
        made,
      }
    }),
    nativeRoute(datasetOperations.redactDataset, async (call, onProgress) => {
      const { part: _, ...request } = call.body
      const { redaction, changes, dataset } = await redactDataset(
        home,
        services.data,
        await partOf(call),
        request,
        follow(call, onProgress),
      )
      const { policy, records, changed, dropped, repeatable, pseudonyms, kinds, kept, limits } = redaction
      return {
        policy,
        records,
        changed,
        dropped,
        repeatable,
        pseudonyms,
        kinds: kinds.map((kind) => ({
          ...kind,
          measured: kind.measured === null ? null : { ...kind.measured },
        })),
        kept,
        limits,
        changes,
        dataset,
      }
    }),
    nativeRoute(datasetOperations.splitDataset, async (call, onProgress) => {
      const part = await partOf(call)
      const { part: _, name = part.version.name, dryRun, ...request } = call.body
      const outcome = await services.data.split(
        { ...request, file: nameOf(part), ...(dryRun ? {} : { name }) },
        follow(call, onProgress),
      )
      const { records, leaked, manifest, dataset } = outcome
      const { splits, nearDuplicates, seed } = manifest
      return { records, leaked, parts: splits, nearDuplicates, seed, dataset }
    }),
    nativeRoute(datasetOperations.diffDatasets, async (call, onProgress) => {
      const { before, limit } = call.body
      const [reference = '', partOfBefore] = before.split('/')
      const older = await pages.open(reference, partOfBefore)
      const [newerReference = '', newerPart] = datasetReference(call).split('/')
      const newer = await pages.open(newerReference, newerPart)
      const outcome = await services.data.diff(
        { before: nameOf(older), after: nameOf(newer), limit },
        follow(call, onProgress),
      )
      const { counts, changed, added, removed } = outcome
      return {
        before: { dataset: outcome.before.dataset, records: outcome.before.records },
        after: { dataset: outcome.after.dataset, records: outcome.after.records },
        counts,
        changed,
        added,
        removed,
      }
    }),
  ]
}

const nameOf = ({ dataset, part }: OpenedPart): string => `${dataset}/${part}`

const named = ({ dataset, part }: OpenedPart): { readonly dataset: string; readonly part: string } => ({
  dataset,
  part,
})

const follow = (
  { signal }: Pick<ApiCall, 'signal'>,
  onProgress: (progress: Progress) => void,
): DataOptions => ({
  signal,
  onEvent: dataProgress(onProgress),
})

/** `name@hash/part` for a file of a dataset version. */
function partName(file: string): string {
  const [part = '', hash = '', name = ''] = file.split(/[/\\]/).toReversed()
  return `${name}@${hash}/${part.replace(/\.jsonl$/, '')}`
}
