import { HoneError } from '../../core/errors.ts'
import type { KeepRule } from '../../data/near-duplicates/duplicate-clusters.ts'
import type { ShingleForm } from '../../data/near-duplicates/shingler.ts'
import type { ComparedPart } from '../../data/records/placed-example.ts'
import { recordLine } from '../../data/records/record-line.ts'
import { LineWriter } from '../../lib/line-writer.ts'
import { replaceFile } from '../../lib/replace-file.ts'
import { findDatasetFile, refuseName } from '../../store/datasets.ts'
import type { DataOptions } from './data-event.ts'
import { makeFolderOf, refuseExisting, refuseInput } from './data-output.ts'
import { keepFile, withDatasetDraft, writtenFile } from './dataset-service.ts'
import { findDuplicates, type FoundDuplicates } from './find-duplicates.ts'
import { looksOf, openDataFiles, recordsOf, type DataFile, type FileLooks } from './read-data-files.ts'
import { orEarlierResult } from './reuse-result.ts'

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
  /** Take nothing of an earlier run. */
  readonly fresh?: boolean | undefined
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
  readonly looks: readonly FileLooks[]
  /** True where the result of an earlier run over the same files was taken. */
  readonly reused: boolean
}

/** More would make the entry of the cache large; the result is then found anew. */
const mostKept = 2_000_000

/**
 * Finds duplicates in a file, and writes the records that stay where that is wanted. Over the same content, what was found
 * before is taken, and an output that is there already stays.
 *
 * @throws HoneError `E_DATA`, `E_DATA_EMPTY`, `E_EXISTS`, `E_USAGE`, `E_DISK`; `wait.signal.reason`
 */
export async function dedupeData(
  home: string,
  request: DedupeRequest,
  wait: DataOptions,
): Promise<DedupeOutcome> {
  const { file, against, name, to, clusters, force, fresh = false, ...compared } = request
  if (name !== undefined) refuseName(name)
  if (to !== undefined && to === clusters) {
    throw new HoneError('E_USAGE', 'the records and the clusters would be written to one file')
  }
  const outputs = [to, clusters].filter((output) => output !== undefined)
  const places = await Promise.all([file, ...against].map((input) => findDatasetFile(home, input)))
  for (const output of outputs) {
    await refuseInput(
      output,
      places.map((place) => place.file),
    )
  }
  const files = await openDataFiles(home, [file, ...against], 'data dedupe', wait)
  const settings = { ...compared, file, against, name, to, clusters }
  const work = { kind: 'dedupe 2', inputs: files, settings, outputs, fresh }
  let isFound = false
  const outcome = await orEarlierResult(home, work, wait, async () => {
    for (const output of outputs) await refuseExisting(output, force)
    const search = {
      kind: 'duplicates 1',
      inputs: files,
      settings: compared,
      // The clusters themselves are not kept: they can be as large as the file.
      fresh: fresh || clusters !== undefined,
      isKept: ({ droppedSteps }: FoundDuplicates) => droppedSteps.length <= mostKept,
    }
    const found = await orEarlierResult(home, search, wait, () => findDuplicates(files, request, wait))
    isFound = found.reused
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
    }
  })
  return { ...outcome, looks: looksOf(files), reused: outcome.reused || isFound }
}

/** Writes the records that stay to where they are wanted; returns the id of the dataset version. */
async function writeAndKeep(
  home: string,
  files: readonly DataFile[],
  found: FoundDuplicates,
  { to, name }: DedupeRequest,
  { near, shingles, on, keep }: Pick<DedupeRequest, 'near' | 'shingles' | 'on' | 'keep'>,
  wait: DataOptions,
): Promise<string | null> {
  const make = async (target: string): Promise<string | null> => {
    await writeKept(target, files[0]!, found, wait)
    if (name === undefined) return null
    const settings = { near, shingles: { ...shingles }, on, keep }
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
