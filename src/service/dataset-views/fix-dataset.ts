import { copyFile, open, rm, stat } from 'node:fs/promises'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { wordDiff, type DiffRun } from '../../lib/word-diff.ts'
import type { CheckedData } from '../data/data-check.ts'
import type { DataOptions } from '../data/data-event.ts'
import type { DataServices } from '../data/data-services.ts'
import { keepFile, writtenFile } from '../data/dataset-service.ts'
import type { OpenedPart } from '../example-pages/example-pages.ts'

export interface FixedDataset {
  /** A unified diff without context, its beginning where it is long. */
  readonly diff: string
  readonly diffBytes: number
  /** The first lines that change, word by word. */
  readonly changes: readonly { readonly line: number; readonly runs: readonly DiffRun[] }[]
  readonly changed: number
  readonly byRule: Readonly<Record<string, number>>
  /** Findings that are left, by severity. */
  readonly left: Readonly<Record<'error' | 'warning' | 'note', number>>
  /** The new version; null where it was only shown. */
  readonly dataset: string | null
}

const shownDiff = 256 * 2 ** 10
const shownChanges = 50
const longestShown = 20_000

/** Mends what has a safe fix, in a copy: shows what changes, and keeps it as a new version where that is wanted. */
export async function fixDataset(
  home: string,
  data: Pick<DataServices, 'check'>,
  part: OpenedPart,
  request: { readonly for?: string | undefined; readonly label?: string | undefined; readonly save: boolean },
  options: DataOptions,
): Promise<FixedDataset> {
  const work = await mkdtemp(join(tmpdir(), 'hone-fix-'))
  try {
    const file = join(work, basename(part.file))
    await copyFile(part.file, file)
    const { save, ...rules } = request
    const { fixed }: Pick<CheckedData, 'fixed'> = await data.check({ file, ...rules, fix: true }, options)
    if (fixed === null) throw new Error('a fix was asked for and is not there')
    const { size } = await stat(fixed.diff)
    const dataset = save
      ? await keepFile(
          home,
          part.version.name,
          await writtenFile(fixed.file, options),
          {
            step: 'fix',
            settings: { for: rules.for ?? null, byRule: fixed.byRule },
            inputs: [{ file: part.file, sha256: part.sha256, dataset: `${part.dataset}/${part.part}` }],
            records: part.records,
          },
          options,
        )
      : null
    const diff = await beginningOf(fixed.diff, shownDiff)
    return {
      diff,
      diffBytes: size,
      changes: changesIn(diff).slice(0, shownChanges),
      changed: fixed.changed,
      byRule: fixed.byRule,
      left: fixed.left,
      dataset: dataset?.id ?? null,
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function beginningOf(file: string, most: number): Promise<string> {
  const handle = await open(file)
  try {
    const bytes = Buffer.alloc(most)
    const { bytesRead } = await handle.read(bytes, 0, most)
    return bytes.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** The changes of a unified diff without context, each of which has one line before and one or none after. The last may be cut. */
function changesIn(diff: string): { line: number; runs: readonly DiffRun[] }[] {
  return diff
    .split(/^@@ -/m)
    .slice(1)
    .map((hunk) => {
      const lines = hunk.split('\n')
      const one = (sign: string): string =>
        lines
          .slice(1)
          .find((line) => line.startsWith(sign))
          ?.slice(1, longestShown) ?? ''
      return { line: Number.parseInt(hunk, 10), runs: wordDiff(one('-'), one('+')) }
    })
}
