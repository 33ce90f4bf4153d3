import { join } from 'node:path'
import type { HoneConfig } from '../../config/hone-config.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import type { RowForensics } from '../../evaluate/forensics/row-forensics.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { MeasuredSplit } from './evaluate-answers.ts'
import { makeOutput } from './stored-evaluation.ts'

/** Whose training and wrong rows were looked at; null where nothing was measured. */
export interface StoredForensics extends RowForensics {
  readonly candidate: string | null
  readonly model: string | null
  readonly split: MeasuredSplit
  /** What is not known, and what to do to know it. */
  readonly notes: readonly string[]
}

type Output = Pick<HoneConfig, 'output'>

const fileOf = ({ output }: Output, split: string): string =>
  join(output, split === 'test' ? 'suspicious.json' : `suspicious-${split}.json`)

/**
 * Keeps what was found of training rows beside the evaluation, for its report.
 *
 * @throws HoneError `E_DISK`
 */
export async function writeForensics(config: HoneConfig, found: StoredForensics): Promise<void> {
  await makeOutput(config)
  await replaceFileWith(fileOf(config, found.split), `${JSON.stringify(found, null, 2)}\n`)
}

/**
 * What was found of the training rows; undefined where it was not looked for since the challenger was measured so.
 *
 * @throws HoneError `E_DATA` for a file that is not JSON
 */
export async function findForensics(
  config: Output,
  evaluation: Evaluation,
): Promise<RowForensics | undefined> {
  const value = await readJsonFile(fileOf(config, evaluation.split), 'E_DATA')
  if (value === undefined) return undefined
  const { candidate, model, notes: _notes, split: _split, ...found } = value as StoredForensics
  const challenger = evaluation.candidates.find(({ id }) => id === evaluation.challenger)
  if (challenger === undefined || candidate !== challenger.id || model !== (challenger.model ?? null))
    return undefined
  const wrong = challenger.rows.filter(({ correct }) => !correct).map(({ exampleId }) => exampleId)
  const known = found.failed.map(({ id }) => id)
  const isSame = wrong.length === known.length && wrong.every((id, at) => id === known[at])
  return isSame ? found : undefined
}
