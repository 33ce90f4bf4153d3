import { HoneError } from '../../core/errors.ts'
import { findDatasetFile, refuseName, type DatasetPlace } from '../../store/datasets.ts'
import { contentOf } from './content-of.ts'
import type { DataOptions } from './data-event.ts'
import { dataImport, refuseImport, type DataImportRequest, type ImportedData } from './data-import.ts'
import { keepFile, withDatasetDraft, writtenFile } from './dataset-service.ts'
import { openNamedFile } from './open-named-file.ts'
import { orEarlierResult, type Reusable } from './reuse-result.ts'

export interface DatasetImportRequest extends Omit<DataImportRequest, 'to'> {
  /** The new file. Default: none, where a name is given. */
  readonly to?: string | undefined
  /** Name of the dataset that the records become a version of. */
  readonly name?: string | undefined
  /** Take nothing of an earlier run. */
  readonly fresh?: boolean | undefined
}

export interface ImportedDataset extends Omit<ImportedData, 'to'> {
  readonly to: string | null
  /** Id of the dataset version. */
  readonly dataset: string | null
}

/**
 * `dataImport` of files and dataset versions, into a file, a dataset version or both.
 *
 * @throws HoneError what `dataImport` throws; `E_USAGE` where it is not said where the records go
 */
export async function importDataset(
  home: string,
  { name, to, fresh, force, ...request }: DatasetImportRequest,
  options: DataOptions,
): Promise<Reusable<ImportedDataset>> {
  if (name !== undefined) refuseName(name)
  if (to === undefined && name === undefined) {
    throw new HoneError('E_USAGE', 'it is not said where the records go', {
      hint: 'write them to a file with --to FILE, or keep them as a dataset with --name NAME',
    })
  }
  if (name !== undefined && to?.toLowerCase().endsWith('.gz') === true) {
    throw new HoneError('E_USAGE', 'a dataset version is kept as it is written, and not compressed', {
      at: { file: to },
      hint: 'end the name with .jsonl, or leave --to out',
    })
  }
  const files = await Promise.all(request.files.map(async (file) => (await findDatasetFile(home, file)).file))
  if (to !== undefined) await refuseImport({ ...request, files, to })
  const inputs: (DatasetPlace & { readonly sha256: string | null })[] = []
  for (const file of request.files) {
    const opened = await openNamedFile(home, file, 'data import', options)
    inputs.push({ ...opened, sha256: await contentOf(opened.file, options) })
  }
  const run = async (target: string): Promise<ImportedDataset> => {
    const imported = await dataImport({ ...request, force, files, to: target }, options)
    const outcome = { ...imported, to: to ?? null, dataset: null }
    if (name === undefined) return outcome
    const { from = null, map = null, sheet = null, allowLoss = false } = request
    const settings = { from, map, sheet, allowLoss }
    const made = { step: 'import', settings, inputs, records: imported.records }
    const { id } = await keepFile(home, name, await writtenFile(target, options), made, options)
    return { ...outcome, dataset: id }
  }
  const work = { kind: 'import 1', inputs, settings: { ...request, files, to, name }, outputs: [to], fresh }
  return orEarlierResult(home, work, options, () =>
    to === undefined ? withDatasetDraft(home, run) : run(to),
  )
}
