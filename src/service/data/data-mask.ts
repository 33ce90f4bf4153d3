import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import type { AnswerChoice } from '../../core/training-settings.ts'
import { streamExamples, type ExampleRow } from '../../data/records/stream-examples.ts'
import { loadModelText, type ModelText } from '../../text/load-chat-text.ts'
import { findBaseText } from './base-text.ts'
import { tellProgress, type DataOptions } from './data-event.ts'
import type { EnsureBaseOptions } from '../models/ensure-base.ts'
import { viewExample, type ViewedExample, type ViewSettings } from './token-view.ts'

export type { TokenState, TokenView } from './token-view.ts'

/** Lines of a file, both ends included, 1-based. */
export interface LineRange {
  readonly from: number
  readonly to: number
}

export interface DataMaskRequest {
  readonly file: string
  /** A local model, whose tokenizer and chat template are used. */
  readonly base: string
  /** Lines of the records to show. Default: the first three records. */
  readonly rows?: readonly LineRange[] | undefined
  /** Longest record in tokens. Default: the model's context. */
  readonly maxTokens?: number | undefined
  readonly answers?: AnswerChoice | undefined
  /** System prompt of records that have none. */
  readonly system?: string | undefined
}

/** One record; either its view or why there is none. */
export interface MaskedRecord extends ViewedExample {
  readonly line: number
  /** Why training could not take it. */
  readonly error: { readonly code: string; readonly message: string } | null
}

export interface DataMask {
  readonly schema: 1
  readonly file: string
  readonly model: string
  /** In tokens. */
  readonly limit: number
  readonly context: number
  readonly records: readonly MaskedRecord[]
}

const firstRecords = 3
/** What is held and printed at once. */
const mostRecords = 1_000

/**
 * Shows records of a file as the tokens that training sees, with the loss mask.
 *
 * @throws HoneError `E_USAGE` where no record stands in the lines that were named, or more than 1,000 do;
 * `E_MODEL_UNKNOWN`, `E_DATA`
 */
export async function dataMask(
  settings: Pick<EnsureBaseOptions, 'home' | 'pull'>,
  request: DataMaskRequest,
  options: DataOptions = {},
): Promise<DataMask> {
  const { file, rows, answers = 'all', system } = request
  const { signal, onEvent } = options
  const { model, base } = await findBaseText(request.base, {
    ...settings,
    signal,
    onEvent: (event) => onEvent?.({ type: 'base', event }),
  })
  const text = await loadModelText(base.folder)
  const context = base.config.contextLength
  const limit = Math.min(request.maxTokens ?? context, context)
  const chosen = await chooseRecords(file, rows, options)
  const view = { answers, limit }
  const records = chosen.map((record) => maskedRecord(record, text, view, system))
  return { schema: 1, file, model, limit, context, records }
}

async function chooseRecords(
  file: string,
  rows: readonly LineRange[] | undefined,
  options: DataOptions,
): Promise<readonly ExampleRow[]> {
  const chosen: ExampleRow[] = []
  const last = rows === undefined ? Infinity : Math.max(...rows.map(({ to }) => to))
  let records = 0
  let lastLine = 0
  const stream = streamExamples(file, { signal: options.signal, textOnly: true })
  reading: for await (const batch of stream) {
    for (const record of batch) {
      records++
      lastLine = record.line
      if (record.line > last || (rows === undefined && chosen.length === firstRecords)) break reading
      if (rows === undefined || rows.some(({ from, to }) => record.line >= from && record.line <= to)) {
        chosen.push(record)
      }
      if (chosen.length > mostRecords) {
        throw new HoneError('E_USAGE', `more than ${mostRecords} records were named`, {
          hint: 'show fewer: --rows 1-20; hone data tokens sums up all of them',
        })
      }
    }
    tellProgress('mask', stream, options)
  }
  if (records === 0) throw new HoneError('E_DATA_EMPTY', 'the file has no record', { at: { file } })
  if (chosen.length === 0) {
    throw new HoneError('E_USAGE', `no record stands in these lines; the last one read is line ${lastLine}`, {
      at: { file },
      hint: 'name lines that hold a record: --rows 1-3',
    })
  }
  return chosen
}

function maskedRecord(
  { line, example, findings }: ExampleRow,
  text: ModelText,
  settings: ViewSettings,
  system: string | undefined,
): MaskedRecord {
  const refused = { line, sequences: [], warnings: [] }
  if (example === undefined) {
    const finding = findings.find(({ severity }) => severity === 'error')
    const message = finding === undefined ? 'the record cannot be read' : `${finding.message} (${finding.id})`
    return { ...refused, error: { code: finding?.code ?? 'E_DATA', message } }
  }
  const lacksSystem = system !== undefined && example.messages[0]?.role !== 'system'
  const whole: Example = {
    ...example,
    id: `line ${line}`,
    messages: lacksSystem ? [{ role: 'system', content: system }, ...example.messages] : example.messages,
  }
  try {
    return { line, ...viewExample(whole, text, settings), error: null }
  } catch (error) {
    if (!HoneError.isInstance(error)) throw error
    return { ...refused, error: { code: error.code, message: error.message } }
  }
}
