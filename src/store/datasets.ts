import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { HoneError } from '../core/errors.ts'
import type { JsonValue } from '../lib/canonical-json.ts'
import { closestWord } from '../lib/closest-word.ts'
import { copyFileWithDigest } from '../lib/copy-file.ts'
import { diskError } from '../lib/disk-error.ts'
import { datasetsFolder, isModelId } from '../lib/home-layout.ts'
import { readJsonFile } from '../lib/read-json-file.ts'
import { replaceFileWith } from '../lib/replace-file.ts'

/** A file of a dataset version. */
interface DatasetFile {
  /** Its name after the slash of a reference: `records`, or `train`, `validation` and `test`. */
  readonly part: string
  readonly sha256: string
  readonly bytes: number
  readonly records: number
}

/** What a dataset version was made of, and how. */
interface DatasetLineage {
  /** Such as `save`, `dedupe`, `split`. */
  readonly step: string
  readonly settings: JsonValue
  readonly inputs: readonly {
    readonly file: string
    /** Null for what is not on this machine. */
    readonly sha256: string | null
    /** The dataset version that the file belongs to. */
    readonly dataset: string | null
  }[]
}

/** A version of a dataset, as its folder says; it never changes. */
export interface DatasetVersion {
  readonly schema: 1
  readonly kind: 'dataset'
  readonly name: string
  /** SHA-256 over the parts and their SHA-256. */
  readonly hash: string
  readonly createdAt: string
  readonly parts: readonly DatasetFile[]
  readonly lineage: DatasetLineage
}

export interface DatasetDraft {
  readonly name: string
  readonly parts: readonly (DatasetFile & { readonly file: string })[]
  readonly lineage: DatasetLineage
}

const manifestName = 'dataset.json'
/** Hexadecimal digits of a version in its id and as its folder. */
const shortHash = 12

/** `name@hash`, the hash shortened. */
export const datasetId = ({ name, hash }: Pick<DatasetVersion, 'name' | 'hash'>): string =>
  `${name}@${hash.slice(0, shortHash)}`

/**
 * Copies files into the home as a version of a dataset: whole or not at all. The same content under the same name is the
 * version that is there already, with its older lineage.
 *
 * @throws HoneError `E_USAGE` for a name that cannot be a folder everywhere, `E_DISK`
 */
export async function saveDataset(
  home: string,
  { name, parts, lineage }: DatasetDraft,
  options: { readonly signal?: AbortSignal | undefined; readonly now?: () => Date } = {},
): Promise<DatasetVersion & { readonly reused: boolean }> {
  refuseName(name)
  const hash = createHash('sha256')
    .update(parts.map(({ part, sha256 }) => `${part} ${sha256}\n`).join(''))
    .digest('hex')
  const folder = join(datasetsFolder(home), name, hash.slice(0, shortHash))
  const there = await readVersion(folder)
  if (there !== undefined) return { ...there, reused: true }
  const version: DatasetVersion = {
    schema: 1,
    kind: 'dataset',
    name,
    hash,
    createdAt: (options.now?.() ?? new Date()).toISOString(),
    parts: parts.map(({ part, sha256, bytes, records }) => ({ part, sha256, bytes, records })),
    lineage,
  }
  const temporary = join(datasetsFolder(home), name, `.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await mkdir(temporary, { recursive: true })
    for (const { part, file, sha256 } of parts) {
      const copied = await copyFileWithDigest(file, join(temporary, `${part}.jsonl`), {
        signal: options.signal,
      })
      if (copied.sha256 !== sha256) {
        throw new HoneError('E_DATA', 'the file changed while it was read', { at: { file } })
      }
    }
    await replaceFileWith(join(temporary, manifestName), `${JSON.stringify(version, null, 2)}\n`)
    await rename(temporary, folder)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
    const winner = await readVersion(folder)
    if (winner !== undefined) return { ...winner, reused: true }
    throw await diskError(error, folder)
  }
  return { ...version, reused: false }
}

/** All versions in the home: by name, the newest first. Folders that are no version are left out. */
export async function listDatasets(home: string): Promise<DatasetVersion[]> {
  const versions: DatasetVersion[] = []
  for (const name of (await namesIn(datasetsFolder(home))).toSorted()) {
    versions.push(...(await versionsOf(home, name)))
  }
  return versions
}

/**
 * The version that a reference means: `name` for the newest, `name@hash` with as many digits as tell it apart.
 *
 * @throws HoneError `E_DATA` where there is none, or more than one
 */
export async function findDataset(home: string, reference: string): Promise<DatasetVersion> {
  const [name = '', digits = ''] = (reference.split('/')[0] ?? '').split('@')
  const versions = isModelId(name) ? await versionsOf(home, name) : []
  const matching = versions.filter(({ hash }) => hash.startsWith(digits))
  const [found] = matching
  if (found !== undefined && (digits === '' || matching.length === 1)) return found
  if (found !== undefined) {
    throw new HoneError('E_DATA', `${reference} means ${matching.length} versions`, {
      hint: `write more of the hash: ${matching.map(datasetId).join(', ')}`,
    })
  }
  const names = await namesIn(datasetsFolder(home))
  const near = closestWord(name, names)
  throw new HoneError(
    'E_DATA',
    versions.length > 0 ? `${name} has no version ${digits}` : `there is no file and no dataset ${reference}`,
    {
      hint:
        versions.length > 0
          ? `its versions are ${versions.map(datasetId).join(', ')}`
          : near === undefined
            ? 'hone data list shows what is there'
            : `did you mean ${near}? hone data list shows what is there`,
    },
  )
}

export interface DatasetPlace {
  readonly file: string
  /** The version and its part that the file belongs to; null for a file of the user's. */
  readonly dataset: string | null
}

/**
 * The file that a user means: a path, or a part of a dataset version as `name`, `name@hash`, `name/test`. Without a part it
 * is the records, of a split the training part.
 *
 * @throws HoneError `E_DATA`
 */
export async function findDatasetFile(home: string, reference: string): Promise<DatasetPlace> {
  if ((await stat(reference).catch(() => undefined)) !== undefined) return { file: reference, dataset: null }
  if (!/^[a-z0-9][a-z0-9._-]*(@[0-9a-f]+)?(\/[a-z]+)?$/.test(reference))
    return { file: reference, dataset: null }
  // What looks like the name of a file that is missing is one, unless there is such a dataset.
  const isFileName = /\.[a-z0-9]+$/.test(reference) && !reference.includes('@')
  const version = await findDataset(home, reference).catch((error: unknown) => {
    if (isFileName) return undefined
    throw error
  })
  if (version === undefined) return { file: reference, dataset: null }
  const wanted = reference.split('/')[1]
  const parts = version.parts.map(({ part }) => part)
  const part = wanted ?? parts.find((each) => each === 'records' || each === 'train')
  if (part === undefined || !parts.includes(part)) {
    throw new HoneError('E_DATA', `${datasetId(version)} has no part ${wanted ?? 'records'}`, {
      hint: `its parts are ${parts.map((each) => `${version.name}/${each}`).join(', ')}`,
    })
  }
  return {
    file: join(versionFolder(home, version), `${part}.jsonl`),
    dataset: `${datasetId(version)}/${part}`,
  }
}

export const versionFolder = (home: string, { name, hash }: DatasetVersion): string =>
  resolve(datasetsFolder(home), name, hash.slice(0, shortHash))

export function refuseName(name: string): void {
  if (isModelId(name)) return
  throw new HoneError('E_USAGE', `"${name}" cannot be the name of a dataset`, {
    hint: 'use lower-case letters, digits, dots, hyphens and underscores, 100 at most, a letter or digit first',
  })
}

async function versionsOf(home: string, name: string): Promise<DatasetVersion[]> {
  const folder = join(datasetsFolder(home), name)
  const folders = (await namesIn(folder)).filter((each) => !each.startsWith('.'))
  const versions = await Promise.all(folders.map((each) => readVersion(join(folder, each))))
  return versions
    .filter((version) => version !== undefined)
    .toSorted((a, b) =>
      a.createdAt === b.createdAt ? (a.hash < b.hash ? -1 : 1) : a.createdAt < b.createdAt ? 1 : -1,
    )
}

async function readVersion(folder: string): Promise<DatasetVersion | undefined> {
  const value = await readJsonFile(join(folder, manifestName), 'E_DATA').catch(() => undefined)
  return isVersion(value) ? value : undefined
}

function isVersion(value: unknown): value is DatasetVersion {
  if (typeof value !== 'object' || value === null) return false
  const { schema, kind, name, hash, parts } = value as Partial<DatasetVersion>
  return (
    schema === 1 &&
    kind === 'dataset' &&
    typeof name === 'string' &&
    typeof hash === 'string' &&
    Array.isArray(parts)
  )
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch((): string[] => [])
