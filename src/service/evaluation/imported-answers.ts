import { createHash } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { HoneConfig } from '../../config/hone-config.ts'
import { HoneError } from '../../core/errors.ts'
import type { CandidateAnswer, EvaluatedExample } from '../../evaluate/evaluation.ts'
import type { Metric } from '../../evaluate/metrics/metric.ts'
import type { CandidateAnswers } from '../../evaluate/read-candidate.ts'
import { diskError } from '../../lib/disk-error.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'

/** Answers that were made elsewhere, as they are kept. */
interface StoredImport extends CandidateAnswers {
  readonly schema: 1
  readonly kind: 'imported-answers'
  /** SHA-256 of the input that each row had, by its id: a line that was put into the data moves the ids. */
  readonly inputs: Readonly<Record<string, string>>
}

/** A row as it is now. */
type Row = Pick<EvaluatedExample, 'id' | 'input'>

const hashOf = (input: string): string => createHash('sha256').update(input).digest('hex')

const folderOf = ({ output }: HoneConfig, split: string): string => join(output, 'imported', split)

/** @throws HoneError `E_DISK` */
export async function writeImported(
  config: HoneConfig,
  split: string,
  answers: CandidateAnswers,
  rows: readonly Row[],
): Promise<void> {
  const folder = folderOf(config, split)
  await mkdir(folder, { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, folder)
  })
  const inputs = Object.fromEntries(rows.map(({ id, input }) => [id, hashOf(input)]))
  const stored: StoredImport = { schema: 1, kind: 'imported-answers', ...answers, inputs }
  await replaceFileWith(join(folder, `${answers.id}.json`), `${JSON.stringify(stored)}\n`)
}

/**
 * The answers that were imported for a split, in the order of its rows. Those that do not have all of them as they are now, have
 * the name of a candidate of the configuration, or lack what a metric needs, are left out, and said.
 *
 * @param metrics what is measured
 * @throws HoneError `E_DATA` for a file that holds something else
 */
export async function readImported(
  config: HoneConfig,
  split: string,
  rows: readonly Row[],
  taken: ReadonlySet<string>,
  metrics: readonly Metric[],
): Promise<{ readonly answers: readonly CandidateAnswers[]; readonly lines: readonly string[] }> {
  const folder = folderOf(config, split)
  const answers: CandidateAnswers[] = []
  const lines: string[] = []
  for (const name of (await readdir(folder).catch((): string[] => [])).toSorted()) {
    if (!name.endsWith('.json')) continue
    const stored = await readStored(join(folder, name))
    const byRow = new Map(stored.answers.map((answer) => [answer.exampleId, answer]))
    const known = rows.flatMap(({ id, input }): CandidateAnswer[] => {
      const answer = byRow.get(id)
      return answer !== undefined && stored.inputs[id] === hashOf(input) ? [answer] : []
    })
    const { schema: _schema, kind: _kind, inputs: _inputs, ...candidate } = stored
    const metric = needsScores(metrics)
    if (metric !== undefined) {
      lines.push(
        `${stored.id}: left out, imported answers lack the label probabilities that "${metric.id}" needs`,
      )
    } else if (taken.has(stored.id)) {
      lines.push(`${stored.id}: the imported answers are left out, a candidate has that name`)
    } else if (known.length < rows.length) {
      lines.push(
        `${stored.id}: left out, imported were answers to ${known.length} of these ${rows.length} rows as they are now`,
      )
    } else {
      answers.push({ ...candidate, answers: known })
      lines.push(`${stored.id}: ${known.length} of ${rows.length}, imported`)
    }
  }
  return { answers, lines }
}

async function readStored(file: string): Promise<StoredImport> {
  const value = (await readJsonFile(file, 'E_DATA')) as Partial<StoredImport> | undefined
  if (value?.schema === 1 && value.kind === 'imported-answers' && Array.isArray(value.answers))
    return { ...(value as StoredImport), inputs: value.inputs ?? {} }
  throw new HoneError('E_DATA', 'these are no imported answers', {
    at: { file },
    hint: 'remove the file, and import the answers again: hone eval import',
  })
}

/** The metric that imported answers cannot be measured by, where there is one. */
export const needsScores = (metrics: readonly Metric[]): Metric | undefined =>
  metrics.find(({ needs }) => needs === 'label scores')
