import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLines } from '../../lib/read-lines.ts'
import { wordDiff, type DiffRun } from '../../lib/word-diff.ts'
import type { DataOptions } from '../data/data-event.ts'
import type { DataRedaction } from '../data/data-redact.ts'
import type { DataServices } from '../data/data-services.ts'
import { keepFile, writtenFile } from '../data/dataset-service.ts'
import type { OpenedPart } from '../example-pages/example-pages.ts'

export interface RedactedDataset {
  readonly redaction: DataRedaction
  /** The first records that change, word by word. */
  readonly changes: readonly { readonly line: number; readonly runs: readonly DiffRun[] }[]
  /** The new version; null where it was only shown. */
  readonly dataset: string | null
}

const shownChanges = 20
const longestShown = 20_000

/** What taking personal data out would change; and the outcome as a new version where that is wanted. */
export async function redactDataset(
  home: string,
  data: Pick<DataServices, 'redact'>,
  part: OpenedPart,
  request: {
    readonly policy?: string | undefined
    readonly country?: string | undefined
    readonly pseudonyms?: 'conversation' | 'file' | undefined
    readonly save: boolean
  },
  options: DataOptions,
): Promise<RedactedDataset> {
  const work = await mkdtemp(join(tmpdir(), 'hone-redact-'))
  try {
    const { save, ...policy } = request
    const to = join(work, 'redacted.jsonl')
    const { looks: _, ...redaction } = await data.redact({ file: part.file, to, ...policy }, options)
    const changes = redaction.dropped > 0 ? [] : await changesOf(part.file, to, options.signal)
    const records = redaction.records - redaction.dropped
    const inputs = [{ file: part.file, sha256: part.sha256, dataset: `${part.dataset}/${part.part}` }]
    const settings = { policy: redaction.policy, country: policy.country ?? null }
    const kept = save
      ? await keepFile(
          home,
          part.version.name,
          await writtenFile(to, options),
          { step: 'redact', settings, inputs, records },
          options,
        )
      : null
    return {
      redaction: { ...redaction, file: `${part.dataset}/${part.part}`, to: null },
      changes,
      dataset: kept?.id ?? null,
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Records of two files line by line, blank lines of the first left out. */
async function changesOf(
  before: string,
  after: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly line: number; readonly runs: readonly DiffRun[] }[]> {
  const wait = signal === undefined ? {} : { signal }
  const others = readLines(after, wait)[Symbol.asyncIterator]()
  const changes: { line: number; runs: readonly DiffRun[] }[] = []
  try {
    for await (const line of readLines(before, wait)) {
      if (!('text' in line) || line.text.trim() === '') continue
      const next = await others.next()
      if (next.done === true || !('text' in next.value)) break
      const [one, other] = [line.text.replace(/^\uFEFF/, '').trim(), next.value.text.trim()]
      if (one === other) continue
      changes.push({
        line: line.number,
        runs: wordDiff(one.slice(0, longestShown), other.slice(0, longestShown)),
      })
      if (changes.length === shownChanges) break
    }
  } finally {
    await others.return?.(undefined)
  }
  return changes
}
