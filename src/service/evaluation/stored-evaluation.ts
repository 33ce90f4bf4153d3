import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { HoneConfig } from '../../config/hone-config.ts'
import { HoneError } from '../../core/errors.ts'
import { evaluationChunks } from '../../evaluate/evaluation-chunks.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { diskError } from '../../lib/disk-error.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileInPieces } from '../../lib/replace-file-in-pieces.ts'

/** `evaluation.json` for the test split, with the name of the split for another. */
export const evaluationFile = ({ output }: HoneConfig, split: string): string =>
  join(output, split === 'test' ? 'evaluation.json' : `evaluation-${split}.json`)

export async function writeEvaluation(config: HoneConfig, evaluation: Evaluation): Promise<string> {
  const file = evaluationFile(config, evaluation.split)
  await makeOutput(config)
  await replaceFileInPieces(file, evaluationChunks(evaluation))
  return file
}

/** @throws HoneError `E_DISK` */
export async function makeOutput({ output }: HoneConfig): Promise<void> {
  await mkdir(output, { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, output)
  })
}

/**
 * What was measured on a split; undefined when nothing was.
 *
 * @throws HoneError `E_DATA` for a file that holds something else
 */
export async function findEvaluation(config: HoneConfig, split: string): Promise<Evaluation | undefined> {
  const file = evaluationFile(config, split)
  const value = await readJsonFile(file, 'E_DATA')
  if (value === undefined) return undefined
  if (isEvaluation(value)) return value
  throw new HoneError('E_DATA', 'this is no evaluation of this version of Hone', {
    at: { file },
    hint: `measure anew: hone eval run ${config.file}`,
  })
}

/** @throws HoneError `E_DATA` when nothing was measured on the split */
export async function readEvaluation(config: HoneConfig, split: string): Promise<Evaluation> {
  const found = await findEvaluation(config, split)
  if (found !== undefined) return found
  const option = split === 'test' ? '' : ` --split ${split}`
  throw new HoneError('E_DATA', `nothing was measured on the ${split} split yet`, {
    at: { file: evaluationFile(config, split) },
    hint: `hone eval run ${config.file}${option}`,
  })
}

function isEvaluation(value: unknown): value is Evaluation {
  if (typeof value !== 'object' || value === null) return false
  const { schema, examples, candidates, metrics, task, challenger } = value as Partial<Evaluation>
  return (
    schema === 2 &&
    Array.isArray(examples) &&
    Array.isArray(metrics) &&
    typeof task === 'object' &&
    typeof challenger === 'string' &&
    Array.isArray(candidates) &&
    candidates.every(
      ({ rows, failed }: Partial<Evaluation['candidates'][number]>) =>
        Array.isArray(rows) && rows.length === examples.length && typeof failed === 'number',
    )
  )
}
