import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { packageFile } from '../../lib/package-file.ts'
import type { DatasetImportRequest } from '../../service/data/import-dataset.ts'
import { addExample } from '../../service/dataset-views/add-example.ts'
import { datasetScheme } from '../../service/tuning/tuning-job.ts'
import { datasetId, type DatasetVersion } from '../../store/datasets.ts'
import { countLooks, sealedFiles } from '../../store/seals.ts'
import type { ApiCall, ApiRoute } from '../json-api/api-route.ts'
import type { datasetVersion, imported } from './contract/dataset-versions.ts'
import { datasetOperations } from './contract/datasets.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute, type Answered, type Progress } from './native-route.ts'
import { dataProgress } from './work-progress.ts'

/** Comes with the package. */
const sample = fileURLToPath(packageFile('examples/claims-router/data.jsonl'))
const sampleName = 'claims-router'

export const datasetRoutes = (context: NativeContext): ApiRoute[] => {
  const { home, services, pages, runs } = context
  return [
    nativeRoute(datasetOperations.listDatasets, async () => {
      const { datasets } = await services.data.list()
      const names = [...new Set(datasets.map(({ version }) => version.name))]
      return {
        datasets: names.map((name) => ({
          name,
          versions: datasets
            .filter(({ version }) => version.name === name)
            .map(({ version }) => shown(version)),
        })),
      }
    }),
    nativeRoute(datasetOperations.importSample, (call, onProgress) =>
      importInto(context, { files: [sample], name: sampleName }, call.signal, onProgress),
    ),
    nativeRoute(datasetOperations.getDataset, async (call) => {
      const { version, dataset } = await pages.open(datasetReference(call))
      const { dataset: newest } = await pages.open(version.name)
      const all = await runs.list({ limit: 500 })
      const sealed = await sealedFiles(home)
      const test = version.parts.find(({ sha256 }) => sealed.has(sha256))
      return {
        version: shown(version),
        newest,
        sealed:
          test === undefined
            ? null
            : { part: test.part, looks: await countLooks(home, sealed.get(test.sha256) ?? '') },
        usedBy: all
          .filter(({ data }) => data?.training.startsWith(`${datasetScheme}${dataset}/`) === true)
          .map(({ model }) => model),
      }
    }),
    nativeRoute(datasetOperations.addExample, async (call) => {
      const reference = datasetReference(call)
      const part = await pages.open(reference).catch((error: unknown) => {
        // A name that is not taken begins a dataset.
        if (HoneError.isInstance(error) && error.code === 'E_NOT_FOUND' && !reference.includes('@'))
          return undefined
        throw error
      })
      const name = part?.version.name ?? reference
      const { version } = await addExample(home, name, part, { ...call.body }, { signal: call.signal })
      return shown(version)
    }),
    nativeRoute(datasetOperations.exportDataset, async (call) => {
      const { search, signal } = call
      const { dataset, part } = await pages.open(datasetReference(call), search.part)
      const work = await mkdtemp(join(tmpdir(), 'hone-export-'))
      const clean = (): void => void rm(work, { recursive: true, force: true }).catch(() => undefined)
      try {
        const name = `${dataset}-${part}.${search.file}`
        const to = join(work, name)
        const { as, allowLoss } = search
        await services.data.export({ file: `${dataset}/${part}`, as, to, allowLoss }, { signal })
        const { size } = await stat(to)
        const body = createReadStream(to)
        body.once('close', clean)
        return { name, body, bytes: size, mediaType: mediaTypes[search.file] ?? 'application/octet-stream' }
      } catch (error) {
        clean()
        throw error
      }
    }),
  ]
}

const mediaTypes: Readonly<Record<string, string>> = {
  jsonl: 'application/jsonl',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
}

/** A name or `name@hash`. */
export const datasetReference = ({ labels }: Pick<ApiCall, 'labels'>): string => labels['id'] ?? ''

function shown({
  name,
  hash,
  createdAt,
  parts,
  lineage,
}: DatasetVersion): Answered<z.input<typeof datasetVersion>> {
  const { step, settings, inputs } = lineage
  return { id: datasetId({ name, hash }), name, hash, createdAt, parts, step, settings, inputs }
}

/** Reads files as a version of a dataset. */
export async function importInto(
  { services }: Pick<NativeContext, 'services'>,
  request: DatasetImportRequest,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Answered<z.input<typeof imported>>> {
  const { dataset, records, refused, sources } = await services.data.import(request, {
    signal,
    onEvent: dataProgress(onProgress),
  })
  return {
    dataset: dataset ?? '',
    records,
    refused,
    sources: sources.map(({ kind, notes, formats, records: read, refused: left, blankLines, notRead }) => ({
      kind,
      notes,
      formats,
      records: read,
      refused: left,
      blankLines,
      notRead,
    })),
  }
}
