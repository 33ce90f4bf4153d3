import { HoneError } from '../core/errors.ts'
import type { LabelTask } from './evaluation-task.ts'
import { unreadable, type AnswerReader } from './reading.ts'
import { clipped } from './shortened.ts'
import { withoutSurroundingMarks } from './surrounding-marks.ts'

/**
 * Reads a label. Tolerated are another case, white space, quotes and closing punctuation around it; every other
 * difference makes the answer unreadable, so that a score never rests on a guess.
 *
 * @throws HoneError `E_CONFIG` when there is no label, or an empty one, or one twice, or a field without a name.
 */
export function createLabelReader(task: LabelTask): AnswerReader {
  checkLabels(task.labels)
  const labelOf = createLabelIndex(task.labels)
  const field = task.field
  if (field === undefined) return labelOf
  if (fieldName(field) === '' || field.includes(':') || field.length > 100) {
    throw new HoneError(
      'E_CONFIG',
      `"${clipped(field, 100)}" cannot be the name of a field: that takes 1 to 100 characters, no colon`,
    )
  }
  return (answer) => {
    const [first, ...others] = fieldValues(answer, field).map(labelOf)
    if (first === undefined) return unreadable(`no line "${field}: …"`)
    const agree = others.every((other) => other.readable && first.readable && other.read === first.read)
    return agree ? first : unreadable(`several lines "${field}: …" that differ`)
  }
}

/** The label exactly as an answer writes it; undefined where there is no such line, or more than one. */
export function labelAsWritten(answer: string, field: string | undefined): string | undefined {
  if (field === undefined) return answer.trim()
  const [first, ...others] = fieldValues(answer, field)
  return others.length === 0 ? first?.trim() : undefined
}

/** What stands behind `FIELD:` in the lines that begin with it. */
function fieldValues(answer: string, field: string): string[] {
  const wanted = fieldName(field)
  return answer.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((line) => {
    const colon = line.indexOf(':')
    const named = colon > 0 && fieldName(line.slice(0, colon)) === wanted
    return named ? [line.slice(colon + 1)] : []
  })
}

const fieldName = (text: string): string => withoutSurroundingMarks(text).toLowerCase()

/** Ways to look at a text and a label, the strictest first; the first one with a match decides. */
const forms: readonly ((text: string) => string)[] = [
  (text) => text.trim().normalize('NFC'),
  (text) => text.trim().normalize('NFC').toLowerCase(),
  (text) => withoutSurroundingMarks(text).normalize('NFC'),
  (text) => withoutSurroundingMarks(text).normalize('NFC').toLowerCase(),
]

function createLabelIndex(labels: readonly string[]): AnswerReader {
  const indexes = forms.map((form) => {
    const byForm = new Map<string, string[]>()
    for (const label of labels) byForm.set(form(label), [...(byForm.get(form(label)) ?? []), label])
    return { form, byForm }
  })
  // One object a label, whatever the number of rows.
  const readings = new Map(labels.map((label) => [label, { readable: true, read: label } as const]))
  return (text) => {
    for (const { form, byForm } of indexes) {
      const [label, other] = byForm.get(form(text)) ?? []
      if (other !== undefined) return unreadable('fits more than one label')
      if (label !== undefined) return readings.get(label)!
    }
    return unreadable(withoutSurroundingMarks(text) === '' ? 'no label' : 'not one of the labels')
  }
}

function checkLabels(labels: readonly string[]): void {
  if (labels.length === 0) throw new HoneError('E_CONFIG', 'a task of labels needs at least one label')
  const seen = new Set<string>()
  for (const label of labels) {
    const form = label.trim().normalize('NFC')
    if (form === '') throw new HoneError('E_CONFIG', 'a label is empty')
    if (seen.has(form)) throw new HoneError('E_CONFIG', `the label "${label}" is declared twice`)
    seen.add(form)
  }
}
