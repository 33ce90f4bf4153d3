import { open } from 'node:fs/promises'
import { HoneError } from '../core/errors.ts'
import { readLines } from '../lib/read-lines.ts'
import { counted } from './counted.ts'
import { ExampleScan, type ExampleFile, type ScanOptions } from './example-scan.ts'
import { refuseErrors } from './finding.ts'
import { foreignFile } from './foreign-file.ts'

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
 * Reads a JSONL file of examples whose format is told by each record's keys. Every problem is collected, none is thrown.
 *
 * @throws HoneError `E_DATA` when the file cannot be opened or is of another kind; `signal.reason`.
 */
export async function scanExamples(file: string, options: ScanOptions = {}): Promise<ExampleFile> {
  const scan = new ExampleScan(file, options)
  try {
    const foreign = foreignFile(await headOf(file))
    if (foreign !== undefined) {
      throw new HoneError('E_DATA', `this file is ${foreign.what}`, { at: { file }, hint: foreign.hint })
    }
    for await (const line of readLines(file, options.signal ? { signal: options.signal } : {}))
      scan.take(line)
  } catch (error) {
    if (
      options.signal?.aborted ||
      !(error instanceof Error && 'code' in error) ||
      HoneError.isInstance(error)
    ) {
      throw error
    }
    throw new HoneError('E_DATA', openReason(error), { at: { file }, hint: 'check the path', cause: error })
  }
  return scan.result()
}

/**
 * Reads a JSONL file of examples of which every record must be right.
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

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    // A pipe could be read once only, and a device may never end.
    if (!(await handle.stat()).isFile()) {
      throw new HoneError('E_DATA', 'this is no regular file', {
        at: { file },
        hint: 'write the records to a file',
      })
    }
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

function openReason(error: Error & { code?: unknown }): string {
  if (error.code === 'ENOENT') return 'there is no such file'
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'the file may not be read'
  return `the file cannot be read: ${error.message}`
}
