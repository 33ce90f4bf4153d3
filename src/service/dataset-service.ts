import {
  datasetId,
  findDataset,
  listDatasets,
  refuseName,
  saveDataset,
  versionFolder,
  type DatasetVersion,
} from '../store/datasets.ts'
import type { DataWait } from './data-progress.ts'
import { openDataFiles, recordsOf, SoundRecords, type DataFile } from './read-data-files.ts'

/** A dataset version with its id. */
export interface DatasetDetails {
  readonly schema: 1
  /** `name@hash`. */
  readonly id: string
  readonly folder: string
  readonly version: DatasetVersion
}

export interface DatasetList {
  readonly schema: 1
  /** By name, the newest first. */
  readonly datasets: readonly DatasetDetails[]
}

/**
 * Keeps a file as a version of a dataset.
 *
 * @throws HoneError `E_DATA` with all records that are wrong, `E_DATA_EMPTY`, `E_USAGE` for a name that is none
 */
export async function saveData(
  home: string,
  request: { readonly file: string; readonly name: string },
  wait: DataWait,
): Promise<DatasetDetails & { readonly reused: boolean }> {
  refuseName(request.name)
  const [file] = (await openDataFiles(home, [request.file], 'data save', wait)) as [DataFile]
  const sound = new SoundRecords(file.file)
  for await (const batch of recordsOf(file, `reading ${file.file}`, wait)) {
    for (const record of batch) sound.take(record)
  }
  sound.refuse()
  return keepFile(
    home,
    request.name,
    file,
    { step: 'save', settings: {}, inputs: [file], records: sound.records },
    wait,
  )
}

/** Keeps a file that a command wrote, with what it was made of. */
export async function keepFile(
  home: string,
  name: string,
  file: Pick<DataFile, 'file' | 'sha256' | 'bytes'>,
  made: {
    readonly step: string
    readonly settings: DatasetVersion['lineage']['settings']
    readonly inputs: readonly Pick<DataFile, 'file' | 'sha256' | 'dataset'>[]
    readonly records: number
  },
  wait: DataWait,
): Promise<DatasetDetails & { readonly reused: boolean }> {
  const { reused, ...version } = await saveDataset(
    home,
    {
      name,
      parts: [
        { part: 'records', file: file.file, sha256: file.sha256, bytes: file.bytes, records: made.records },
      ],
      lineage: {
        step: made.step,
        settings: made.settings,
        inputs: made.inputs.map(({ file: input, sha256, dataset }) => ({ file: input, sha256, dataset })),
      },
    },
    { signal: wait.signal },
  )
  return { ...detailsOf(home, version), reused }
}

export async function listData(home: string): Promise<DatasetList> {
  return { schema: 1, datasets: (await listDatasets(home)).map((version) => detailsOf(home, version)) }
}

export async function showData(home: string, reference: string): Promise<DatasetDetails> {
  return detailsOf(home, await findDataset(home, reference))
}

const detailsOf = (home: string, version: DatasetVersion): DatasetDetails => ({
  schema: 1,
  id: datasetId(version),
  folder: versionFolder(home, version),
  version,
})
