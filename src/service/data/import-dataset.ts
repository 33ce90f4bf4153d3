import { stat } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import { sha256OfFile } from '../../lib/sha256-of-file.ts'
import { refuseName, type DatasetPlace, type DatasetVersion } from '../../store/datasets.ts'
import type { DataOptions } from './data-event.ts'
import { dataImport, type DataImportRequest, type ImportedData } from './data-import.ts'
import { keepFile, withDatasetDraft, writtenFile } from './dataset-service.ts'
import { openNamedFile } from './open-named-file.ts'

export interface DatasetImportRequest extends Omit<DataImportRequest, 'to'> {
  /** The new file. Default: none, where a name is given. */
  readonly to?: string | undefined
  /** Name of the dataset that the records become a version of. */
  readonly name?: string | undefined
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
  { name, to, ...request }: DatasetImportRequest,
  options: DataOptions,
): Promise<ImportedDataset> {
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
  const places: DatasetPlace[] = []
  for (const file of request.files) places.push(await openNamedFile(home, file, 'data import', options))
  const files = places.map(({ file }) => file)
  const run = async (target: string): Promise<ImportedDataset> => {
    const imported = await dataImport({ ...request, files, to: target }, options)
    const outcome = { ...imported, to: to ?? null, dataset: null }
    if (name === undefined) return outcome
    const inputs: DatasetVersion['lineage']['inputs'][number][] = []
    for (const { file, dataset } of places) {
      const isHere = (await stat(file).catch(() => undefined))?.isFile() === true
      inputs.push({
        file,
        sha256: isHere ? await sha256OfFile(file, { signal: options.signal }) : null,
        dataset,
      })
    }
    const { from = null, map = null, sheet = null, allowLoss = false } = request
    const settings = { from, map, sheet, allowLoss }
    const made = { step: 'import', settings, inputs, records: imported.records }
    const { id } = await keepFile(home, name, await writtenFile(target, options), made, options)
    return { ...outcome, dataset: id }
  }
  return to === undefined ? withDatasetDraft(home, run) : run(to)
}
