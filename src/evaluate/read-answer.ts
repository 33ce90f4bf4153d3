import type { EvaluationTask } from './evaluation-task.ts'
import { readCodes } from './read-codes.ts'
import { readJson } from './read-json.ts'
import { createLabelReader } from './read-label.ts'
import { readSpans } from './read-spans.ts'
import { readToolCalls } from './read-tool-calls.ts'
import { unreadable, type AnswerReader } from './reading.ts'

/**
 * The reader of a task's answers. Expected and given answers go through the same one.
 *
 * @throws HoneError `E_CONFIG` when a task of labels has none, or an empty one, or one twice.
 *
 * @example
 * const read = createAnswerReader({ kind: 'labels', field: 'ROUTE', labels: ['FAST_TRACK', 'FRAUD_REVIEW'] })
 * read('ROUTE: "fast_track".\nRATIONALE: small and clear') // { readable: true, read: 'FAST_TRACK' }
 */
export function createAnswerReader(task: EvaluationTask): AnswerReader {
  const read = readerOf(task)
  return (answer) => (answer.trim() === '' ? unreadable('the answer is empty') : read(answer))
}

function readerOf(task: EvaluationTask): AnswerReader {
  switch (task.kind) {
    case 'labels':
      return createLabelReader(task)
    case 'json':
      return readJson
    case 'tool-calls':
      return readToolCalls
    case 'spans':
      return readSpans
    case 'codes':
      return readCodes
    case 'text':
    default:
      return (answer) => ({ readable: true, read: answer.trim() })
  }
}
