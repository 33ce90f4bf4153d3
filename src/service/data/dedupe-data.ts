import { createHash } from 'node:crypto'
import { HoneError } from '../../core/errors.ts'
import type { KeepRule } from '../../data/near-duplicates/duplicate-clusters.ts'
import type { ShingleForm } from '../../data/near-duplicates/shingler.ts'
import type { ComparedPart } from '../../data/records/placed-example.ts'
import { recordLine } from '../../data/records/record-line.ts'
import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts'
import { resultCacheFolder } from '../../lib/home-layout.ts'
import { LineWriter } from '../../lib/line-writer.ts'
import { packageVersion } from '../../lib/package-version.ts'
import { replaceFile } from '../../lib/replace-file.ts'
import { findDatasetFile, refuseName } from '../../store/datasets.ts'
import { createResultCache } from '../../store/result-cache.ts'
import type { DataOptions } from './data-event.ts'
import { checkOutput, makeFolderOf } from './data-output.ts'
import { keepFile, withDatasetDraft, writtenFile } from './dataset-service.ts'
import { findDuplicates, type FoundDuplicates } from './find-duplicates.ts'
import { openDataFiles, recordsOf, type DataFile } from './read-data-files.ts'

export interface DedupeRequest {
  readonly file: string
  /** Files whose records must not occur in `file`. */
  readonly against: readonly string[]
  /** Jaccard similarity from which records are duplicates, in (0, 1]; 1 finds equal ones only. */
  readonly near: number
  readonly shingles: ShingleForm
  readonly on: ComparedPart
  readonly keep: KeepRule
  /** Where the records that stay are written. Default: nowhere. */
  readonly to?: string | undefined
  /** Where each cluster is written, as a line of JSON. Default: nowhere. */
  readonly clusters?: string | undefined
  /** Name of the dataset that the records that stay become a version of. */
  readonly name?: string | undefined
  readonly force?: boolean | undefined
}

/** A record that is dropped, and the one that stays. */
export interface DuplicateSample {
  readonly line: number
  readonly like: { readonly file: string; readonly line: number }
  readonly similarity: number
  /** What is compared of the dropped record, cut after 200 characters. */
  readonly text: string
}

export interface DedupeOutcome {
  readonly schema: 1
  readonly file: string
  readonly records: number
  readonly against: readonly { readonly file: string; readonly records: number }[]
  readonly compared: {
    readonly on: ComparedPart
    readonly near: number
    readonly shingles: string
    readonly keep: KeepRule
    /** Different texts no longer than one shingle: they are alike only when equal. */
    readonly short: number
    /** True where shingles that most records share were left out of the comparison. */
    readonly template: boolean
  }
  readonly kept: number
  readonly dropped: {
    /** Equal to a record of the file that stays. */
    readonly exact: number
    /** Similar to a record of the file that stays. */
    readonly near: number
    /** Equal or similar to a record of another file. */
    readonly leaked: number
  }
  readonly clusters: {
    readonly count: number
    /** Records of the largest. */
    readonly largest: number
    /** Clusters whose records have different answers. */
    readonly answersDiffer: number
  }
  /** The most alike of the first clusters that are not equal, and some that are. */
  readonly samples: readonly DuplicateSample[]
  readonly to: string | null
  readonly clustersFile: string | null
  /** Id of the dataset version. */
  readonly dataset: string | null
  /** Where a file that is read is a sealed test split: how often that one was looked at by now. */
  readonly looks: readonly { readonly file: string; readonly looks: number }[]
  /** True where the result of an earlier run over the same files was taken. */
  readonly reused: boolean
}

/** More would make the entry of the cache large; the result is then found anew. */
const mostCached = 2_000_000

export async function dedupeData(
  home: string,
  request: DedupeRequest,
  wait: DataOptions,
): Promise<DedupeOutcome> {
  const { file, against, near, shingles, on, keep, to, clusters, name, force = false } = request
  if (name !== undefined) refuseName(name)
  const outputs = [to, clusters].filter((path) => path !== undefined)
  const inputFiles: string[] = []
  for (const input of [file, ...against]) inputFiles.push((await findDatasetFile(home, input)).file)
  for (const output of outputs) await checkOutput(output, inputFiles, force)
  if (to !== undefined && to === clusters) {
    throw new HoneError('E_USAGE', 'the records and the clusters would be written to one file')
  }
  const files = await openDataFiles(home, [file, ...against], 'data dedupe', wait)
  const cache = createResultCache(resultCacheFolder(home))
  const compared = { near, shingles: { ...shingles }, on, keep }
  const inputs = files.map(({ sha256 }) => sha256)
  const parts = canonicalJson({ kind: 'dedupe 1', version: packageVersion(), inputs, settings: compared })
  const key = createHash('sha256').update(parts).digest('hex')
  // The clusters themselves are not kept: they can be as large as the file. What the key names was written by this version.
  const earlier = clusters === undefined ? ((await cache.get(key)) as FoundDuplicates | undefined) : undefined
  const found = earlier ?? (await findDuplicates(files, request, wait))
  if (earlier === undefined && found.droppedSteps.length <= mostCached) await cache.put(key, found)
  const dataset = await writeAndKeep(home, files, found, request, compared, wait)
  return {
    ...found.outcome,
    file,
    against: against.map((other, at) => ({ file: other, records: found.againstRecords[at] ?? 0 })),
    samples: found.samples.map(({ line, source, likeLine, similarity, text }) => ({
      line,
      like: { file: [file, ...against][source] ?? file, line: likeLine },
      similarity,
      text,
    })),
    to: to ?? null,
    clustersFile: clusters ?? null,
    dataset,
    looks: files.flatMap((each) => (each.looks === null ? [] : [{ file: each.file, looks: each.looks }])),
    reused: earlier !== undefined,
  }
}

/** Writes the records that stay to where they are wanted; returns the id of the dataset version. */
async function writeAndKeep(
  home: string,
  files: readonly DataFile[],
  found: FoundDuplicates,
  { to, name }: DedupeRequest,
  settings: Readonly<Record<string, JsonValue>>,
  wait: DataOptions,
): Promise<string | null> {
  const make = async (target: string): Promise<string | null> => {
    await writeKept(target, files[0]!, found, wait)
    if (name === undefined) return null
    const made = { step: 'dedupe', settings, inputs: files, records: found.outcome.kept }
    return (await keepFile(home, name, await writtenFile(target, wait), made, wait)).id
  }
  if (to !== undefined) return make(to)
  return name === undefined ? null : withDatasetDraft(home, make)
}

async function writeKept(
  to: string,
  file: DataFile,
  { droppedSteps, outcome }: FoundDuplicates,
  wait: DataOptions,
): Promise<void> {
  await makeFolderOf(to)
  await replaceFile(
    to,
    async (writer) => {
      const lines = new LineWriter(writer)
      let index = 0
      let at = 0
      let next = droppedSteps[0] ?? -1
      for await (const batch of recordsOf(file, 'writing', wait, () => false)) {
        for (const row of batch) {
          if (index++ === next) {
            at++
            next = at < droppedSteps.length ? next + droppedSteps[at]! : -1
            continue
          }
          const line = recordLine(row)
          if (line !== undefined) await lines.write(line)
        }
      }
      await lines.flush()
      if (lines.lines !== outcome.kept) {
        throw new HoneError('E_DATA', 'the file changed while it was read', { at: { file: file.file } })
      }
    },
    { expectedBytes: file.bytes },
  )
}
