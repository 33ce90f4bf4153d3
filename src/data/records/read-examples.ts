import { HoneError } from '../../core/errors.ts'
import { counted } from '../counted.ts'
import { ExampleScan, type ExampleFile, type ScanOptions } from './example-scan.ts'
import { refuseErrors } from '../finding.ts'
import { streamExamples } from './stream-examples.ts'

/**
 * Fewer records than this are refused as training data: a tenth of them is less than one row to validate with, and a
 * model learns them by heart. Services draw the line at 8 to 32.
 */
export const minimumRecords = 10

export interface ReadOptions extends ScanOptions {
  /** Default `minimumRecords`; 1 for data that is only evaluated. */
  readonly minimum?: number
}

/**
 * Reads a file of examples of any kind, whose format is told by its records. Every problem is collected, none is thrown.
 * Media are problems: only text is trained.
 *
 * @throws HoneError `E_DATA` when the file cannot be opened or is damaged; `signal.reason`.
 */
export async function scanExamples(file: string, options: ScanOptions = {}): Promise<ExampleFile> {
  const { signal, name } = options
  const scan = new ExampleScan(file, options)
  const stream = streamExamples(file, { textOnly: true, signal, ...(name === undefined ? {} : { name }) })
  for await (const rows of stream) for (const row of rows) scan.take(row)
  return scan.result(stream.summary())
}

/**
 * Reads a file of examples of which every record must be right.
 *
 * @throws HoneError `E_DATA` with all that is wrong, up to 20 places in the message; `E_DATA_EMPTY`;
 *   `E_DATA_TOO_FEW`; `signal.reason`.
 *
 * @example
 * const { examples } = await readExamples('train.jsonl', { system: 'You route claims.' })
 */
export async function readExamples(file: string, options: ReadOptions = {}): Promise<ExampleFile> {
  const scanned = await scanExamples(file, options)
  const { records } = scanned
  if (records === 0) {
    throw new HoneError('E_DATA_EMPTY', 'the file has no record', {
      at: { file },
      hint: 'write one JSON object a line, such as {"input": "…", "output": "…"}',
    })
  }
  refuseErrors(scanned.problems, counted(records, 'record'))
  const minimum = options.minimum ?? minimumRecords
  if (records < minimum) {
    throw new HoneError(
      'E_DATA_TOO_FEW',
      `the file has ${counted(records, 'record')}; training needs at least ${minimum}, ` +
        'because fewer leave nothing to validate with and are learned by heart',
      { at: { file }, hint: 'collect more examples; a narrow task takes some hundred' },
    )
  }
  return scanned
}
