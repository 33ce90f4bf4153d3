import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { counted } from '../../data/counted.ts'
import { contentHash } from '../../data/content-hash.ts'
import { NearDuplicateSearch } from '../../data/near-duplicates/near-duplicate-search.ts'
import { groupExamples, placeGroups, splitNames, type SplitName } from '../../data/split/place-groups.ts'
import { groupCounts, type SplitManifest, type SplitPart } from '../../data/split/split-manifest.ts'
import { SortedHashes } from '../../data/split/sorted-hashes.ts'
import { refuseEmptyParts, splitSizes } from '../../data/split/split-size.ts'
import { diskError } from '../../lib/disk-error.ts'
import { datasetsFolder } from '../../lib/home-layout.ts'
import { freeMemory } from '../../lib/free-memory.ts'
import { createRandom } from '../../lib/random.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { datasetId, refuseName, saveDataset } from '../../store/datasets.ts'
import { sealTestSplit } from '../../store/seals.ts'
import type { DataOptions } from './data-event.ts'
import { openDataFiles, type DataFile } from './read-data-files.ts'
import { orEarlierResult } from './reuse-result.ts'
import { searchDuplicates } from './search-duplicates.ts'
import { SplitKeys } from './split-keys.ts'
import { partFile, writeSplitFiles } from './write-split-files.ts'

export interface SplitRequest {
  readonly file: string
  /** Keep the shares of the labels equal in all parts. */
  readonly byLabel: boolean
  /** Where the label stands: a key of the record or a line of the answer. Default: the record's label, else the answer. */
  readonly labelField?: string | undefined
  /** Records that share this value of the record or its metadata stay together. */
  readonly group?: string | undefined
  readonly seed: number
  /** Below 1 a share, else a number of records. */
  readonly validation: number
  readonly test: number
  /** Similarity from which questions stay on one side. */
  readonly near: number
  /** Files of the user's own that are evaluated with: records of `file` may not occur in them. */
  readonly against: readonly string[]
  readonly allowLeakage: boolean
  /** New folder of the parts. */
  readonly to?: string | undefined
  /** Name of the dataset that the parts become a version of. */
  readonly name?: string | undefined
  readonly force?: boolean | undefined
  /** Take nothing of an earlier run. */
  readonly fresh?: boolean | undefined
}

export interface SplitOutcome {
  readonly schema: 1
  readonly file: string
  readonly records: number
  readonly manifest: SplitManifest
  /** Records that (nearly) occur in the files of `against`. */
  readonly leaked: number
  readonly folder: string | null
  /** Id of the dataset version. */
  readonly dataset: string | null
  /** True where the parts were drawn by an earlier run over the same files. */
  readonly reused: boolean
}

/** What is drawn, before it is written anywhere. */
interface DrawnSplit {
  readonly manifest: SplitManifest
  /** Records that (nearly) occur in the files of `against`. */
  readonly leaked: number
  readonly records: number
  /** Index in `splitNames` of each record's part, a byte each, in Base64. */
  readonly places: string
}

/**
 * Splits a file by label, with groups and near-duplicates whole, as `splitExamples` does in memory: the same records, seed
 * and sizes give the same parts. Over the same content, what was drawn before is taken, and a split that is there stays.
 *
 * @throws HoneError `E_DATA` also for leakage, `E_DATA_EMPTY`, `E_EXISTS`, `E_USAGE`, `E_DISK`; `wait.signal.reason`
 */
export async function splitData(
  home: string,
  request: SplitRequest,
  wait: DataOptions,
): Promise<SplitOutcome> {
  const folder = request.to === undefined ? null : resolve(request.to)
  if (request.name !== undefined) refuseName(request.name)
  if (folder !== null) await refuseOtherFolder(folder)
  const files = (await openDataFiles(home, [request.file, ...request.against], 'data split', wait)) as [
    DataFile,
    ...DataFile[],
  ]
  const { to: _to, name, force = false, fresh, ...drawing } = request
  const work = {
    kind: 'split 1',
    inputs: files,
    settings: { ...drawing, folder, name },
    outputs:
      folder === null ? [] : [...splitNames.map(partFile), manifestFile].map((part) => join(folder, part)),
    fresh,
  }
  let isDrawn = false
  const outcome = await orEarlierResult(home, work, wait, async () => {
    if (folder !== null && !force) await refuseExistingSplit(folder)
    const draw = { kind: 'split draw 1', inputs: files, settings: drawing, fresh }
    const drawn = await orEarlierResult(home, draw, wait, () => drawSplit(files, request, wait))
    isDrawn = drawn.reused
    return write(home, files[0], drawn, { file: request.file, folder, name }, wait)
  })
  return { ...outcome, reused: outcome.reused || isDrawn }
}

async function drawSplit(
  [own, ...others]: readonly [DataFile, ...DataFile[]],
  request: SplitRequest,
  wait: DataOptions,
): Promise<DrawnSplit> {
  using hashes = new SortedHashes()
  const { groupOf, keys, leaked } = await groupsOf(own, others, request, wait, (hash) => hashes.push(hash))
  freeMemory()
  const records = groupOf.length
  refuseAbsent(keys, records, request)
  if (leaked > 0 && !request.allowLeakage) throw leakage(leaked, request)
  const sizes = splitSizes(request, records)
  const examples = {
    ...groupExamples(hashes.order(), groupOf),
    labels: keys.labels.view(),
    labelNames: keys.labelNames,
  }
  const places = placeGroups(examples, sizes, createRandom(request.seed).fork('split'))
  refuseEmptyParts(sizes, places, examples.starts)
  const named = hashes.datasetHashes(places, splitNames.length)
  const part = (name: SplitName): SplitPart => {
    const place = splitNames.indexOf(name)
    const labels = new Map<string, number>()
    let count = 0
    places.forEach((each, index) => {
      if (each !== place) return
      count++
      const label = keys.labelNames[keys.labels.at(index)] ?? ''
      labels.set(label, (labels.get(label) ?? 0) + 1)
    })
    return {
      examples: count,
      hash: named.places[place] ?? '',
      labels: request.byLabel ? Object.fromEntries([...labels].toSorted(([a], [b]) => (a < b ? -1 : 1))) : {},
    }
  }
  const manifest: SplitManifest = {
    schema: 1,
    kind: 'split',
    seed: request.seed,
    dataset: named.all,
    asked: { validation: request.validation, test: request.test },
    nearDuplicates: { threshold: request.near, ...groupCounts(examples.starts) },
    splits: { train: part('train'), validation: part('validation'), test: part('test') },
    source: { file: basename(own.file), sha256: own.sha256, dataset: own.dataset },
    ...(request.byLabel ? { by: { label: request.labelField ?? null } } : {}),
    ...(request.group === undefined
      ? {}
      : { group: { key: request.group, groups: keys.groups, without: keys.withoutGroup } }),
  }
  return { manifest, leaked, records, places: Buffer.from(places).toString('base64') }
}

interface Groups {
  /** A number that records which must stay together share. */
  readonly groupOf: Uint32Array
  readonly keys: SplitKeys
  readonly leaked: number
}

async function groupsOf(
  own: DataFile,
  others: readonly DataFile[],
  request: SplitRequest,
  wait: DataOptions,
  onHash: (hash: string) => void,
): Promise<Groups> {
  const files = [...others, own]
  using search = new NearDuplicateSearch({
    threshold: request.near,
    capacity: files.reduce((sum, { lines }) => sum + lines, 0),
  })
  const keys = new SplitKeys(request, own.lines)
  const { starts, counts } = await searchDuplicates(search, files, own, 'input', wait, {
    onRecord: (record, example) => {
      keys.take(record)
      onHash(contentHash(example))
    },
  })
  const first = starts.at(-1) ?? 0
  const records = counts.at(-1) ?? 0
  const groups = search.link(keys.groups)
  freeMemory()
  if (request.group !== undefined) {
    for (let at = 0; at < records; at++) {
      const group = keys.groupOf(at)
      if (group >= 0) groups.union(search.idOf(first + at), search.distinct + group)
    }
  }
  const isForeign = new Uint8Array(search.distinct)
  for (let index = 0; index < first; index++) isForeign[groups.find(search.idOf(index))] = 1
  const groupOf = new Uint32Array(records)
  let leaked = 0
  for (let at = 0; at < records; at++) {
    groupOf[at] = groups.find(search.idOf(first + at))
    leaked += isForeign[groupOf[at]!]!
  }
  return { groupOf, keys, leaked }
}

async function write(
  home: string,
  own: DataFile,
  { manifest, leaked, records, places }: DrawnSplit,
  { file, folder, name }: Pick<SplitRequest, 'file' | 'name'> & { readonly folder: string | null },
  wait: DataOptions,
): Promise<Omit<SplitOutcome, 'reused'>> {
  const outcome = { schema: 1, file, records, manifest, leaked, folder, dataset: null } as const
  if (folder === null && name === undefined) return outcome
  const parent = folder === null ? datasetsFolder(home) : dirname(folder)
  const temporary = join(parent, `.hone-split-${randomBytes(6).toString('hex')}.tmp`)
  try {
    await mkdir(temporary, { recursive: true })
    const files = await writeSplitFiles(own, Buffer.from(places, 'base64'), temporary, wait)
    const whole: SplitManifest = { ...manifest, files }
    await replaceFileWith(join(temporary, manifestFile), `${JSON.stringify(whole, null, 2)}\n`)
    const { seed, asked, nearDuplicates, by, group } = manifest
    const saved =
      name === undefined
        ? undefined
        : await saveDataset(
            home,
            {
              name,
              parts: splitNames
                .filter((part) => manifest.splits[part].examples > 0)
                .map((part) => ({
                  part,
                  file: join(temporary, files[part].name),
                  sha256: files[part].sha256,
                  bytes: files[part].bytes,
                  records: manifest.splits[part].examples,
                })),
              lineage: {
                step: 'split',
                settings: {
                  seed,
                  ...asked,
                  near: nearDuplicates.threshold,
                  by: by?.label ?? null,
                  byLabel: by !== undefined,
                  group: group?.key ?? null,
                },
                inputs: [{ file: own.file, sha256: own.sha256, dataset: own.dataset }],
              },
            },
            { signal: wait.signal },
          )
    const { test } = manifest.splits
    if (test.examples > 0) await sealTestSplit(home, test.hash, files.test.sha256)
    if (folder !== null) await replaceFolder(temporary, folder)
    return { ...outcome, manifest: whole, dataset: saved === undefined ? null : datasetId(saved) }
  } catch (error) {
    throw await diskError(error, folder ?? parent)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

const manifestFile = 'split.json'

/** A folder that is there is replaced only where it is a split, or empty. */
async function refuseOtherFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return ['']
    return []
  })
  if (names.length === 0 || names.includes(manifestFile)) return
  throw new HoneError('E_EXISTS', 'the folder is not empty', {
    at: { file: folder },
    hint: 'name another folder',
  })
}

async function refuseExistingSplit(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  if (!names.includes(manifestFile)) return
  throw new HoneError('E_EXISTS', 'a split is here already', {
    at: { file: folder },
    hint: 'name another folder, or replace it with --force',
  })
}

async function replaceFolder(from: string, to: string): Promise<void> {
  const away = `${to}.${randomBytes(4).toString('hex')}.old`
  await rename(to, away).catch(() => undefined)
  await rename(from, to)
  await rm(away, { recursive: true, force: true })
}

/** A field that no record has is a slip of the pen, and a split without it would tear apart what must stay together. */
function refuseAbsent(
  keys: SplitKeys,
  records: number,
  { file, group, byLabel, labelField }: SplitRequest,
): void {
  const fail = (field: string, option: string): HoneError =>
    new HoneError('E_DATA', `no record of ${counted(records, 'record')} has ${JSON.stringify(field)}`, {
      at: { file },
      hint: `name a key of the records or of their metadata with ${option}; hone data import --map metadata.${field}=COLUMN keeps a column of a table`,
    })
  if (records === 0) return
  if (group !== undefined && keys.groups === 0) throw fail(group, '--group')
  if (byLabel && labelField !== undefined && keys.labelNames.every((name) => name === '')) {
    throw fail(labelField, '--label-field')
  }
}

function leakage(leaked: number, { file, against }: SplitRequest): HoneError {
  return new HoneError(
    'E_DATA',
    `${counted(leaked, 'record')} (nearly) occur in ${against.join(', ')}: what is evaluated with would be trained on`,
    {
      at: { file },
      hint: `hone data dedupe ${file} --against ${against.join(' ')} --to ${file.replace(/(\.[a-z]+)?$/, '.clean.jsonl')} drops them; --allow-leakage splits all the same`,
    },
  )
}
