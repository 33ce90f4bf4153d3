import { HoneError } from '../../core/errors.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import type { MeanMetric, ProportionMetric, ReadRow } from './metric.ts'
import { tokenOverlap } from './token-f1.ts'

/** Share of answers that have every section once, in order, and none of them empty. */
export const sectionForm: ProportionMetric = {
  id: 'section-form',
  title: 'section form',
  format: 'percent',
  definition:
    'the share of answers that have every section once, in the order of the task, and none of them empty',
  kind: 'proportion',
  isRight: ({ answer }, task) => {
    const wanted = sectionsOf(task)
    const found = answer.readable ? findSections(answer.read, wanted) : []
    return (
      found.length === wanted.length && found.every(({ section, text }, at) => section === at && text !== '')
    )
  },
}

/** Share of the sections that an answer has, in order. */
export const sectionShare: MeanMetric = {
  id: 'section-share',
  title: 'sections found',
  format: 'percent',
  definition: 'the mean over rows of the share of sections that are there, in order and not empty',
  kind: 'mean',
  rowScore: ({ answer }, task) => {
    const wanted = sectionsOf(task)
    const filled = answer.readable ? findSections(answer.read, wanted).filter(({ text }) => text !== '') : []
    return longestRise(filled.map(({ section }) => section)) / wanted.length
  },
}

function sectionsOf(task: EvaluationTask): readonly string[] {
  const sections = task.kind === 'text' ? (task.sections ?? []) : []
  if (sections.length > 0) return sections
  throw new HoneError('E_CONFIG', 'the form of sections needs their headings', {
    hint: 'list them as task.sections',
  })
}

/** How one section of the task is answered. */
export interface SectionResult {
  readonly section: string
  readonly rows: number
  /** Answers that have it once and not empty. */
  readonly found: number
  /** Answers that have its heading and nothing below it. */
  readonly empty: number
  /** Answers that have it more than once. */
  readonly repeated: number
  /** Rows whose expected answer has it. */
  readonly expected: number
  /** Of those, the answers with the same words in it. */
  readonly same: number
  /** Of those, the mean token F1 of what stands in it, 0 where the answer has none; null where no row expects it. */
  readonly tokenF1: number | null
}

/** Each section by itself, in the order of the task; undefined where the task has none. */
export function sectionResults(
  rows: readonly ReadRow[],
  task: EvaluationTask,
): readonly SectionResult[] | undefined {
  if (task.kind !== 'text' || task.sections === undefined) return undefined
  const { sections } = task
  const each = rows.map(({ expected, answer }) => ({
    expected: findSections(expected.read, sections),
    answer: answer.readable ? findSections(answer.read, sections) : [],
  }))
  return sections.map((section, at) => {
    const of = (found: readonly FoundSection[]): readonly string[] =>
      found.filter((one) => one.section === at).map(({ text }) => text)
    const answers = each.map((row) => of(row.answer))
    const compared = each.flatMap((row) => {
      const [truth] = of(row.expected)
      return truth === undefined ? [] : [tokenOverlap(truth, of(row.answer)[0] ?? '')]
    })
    return {
      section,
      rows: rows.length,
      found: answers.filter((texts) => texts.length === 1 && texts[0] !== '').length,
      empty: answers.filter((texts) => texts.length === 1 && texts[0] === '').length,
      repeated: answers.filter((texts) => texts.length > 1).length,
      expected: compared.length,
      same: compared.filter((score) => score === 1).length,
      tokenF1:
        compared.length === 0 ? null : compared.reduce((sum, score) => sum + score, 0) / compared.length,
    }
  })
}

/** Marks of lists, headings and emphasis, and numbers, before a heading. */
const before = /^(?:[\s#>*_•–—-]|\d{1,2}[.)])+/u
/** What may stand between a heading and its text. */
const after = /^[\s:*_.–—-]*/u

interface FoundSection {
  /** Position in the list of the task. */
  readonly section: number
  /** What stands below the heading and beside it, in lower case; empty where nothing does. */
  readonly text: string
}

/** The sections of a text: a heading begins a line, in any case, and is not the beginning of a longer word. */
export function findSections(text: string, headings: readonly string[]): FoundSection[] {
  const found: { section: number; text: string }[] = []
  // Longer headings first: "risk assessment" is not the section "risk".
  const wanted = headings
    .map((heading, section) => ({ heading: heading.trim().toLowerCase(), section }))
    .toSorted((a, b) => b.heading.length - a.heading.length)
  for (const line of text.split(/\r\n|[\n\r\u2028\u2029]/)) {
    const written = line.trim().toLowerCase()
    const forms = [written, written.replace(before, '')]
    const match = wanted
      .flatMap(({ heading, section }) => forms.map((form) => ({ form, heading, section })))
      .find(
        ({ form, heading }) => form.startsWith(heading) && !/^[\p{L}\p{N}]/u.test(form.slice(heading.length)),
      )
    const last = found.at(-1)
    if (match !== undefined) {
      const rest = match.form.slice(match.heading.length).replace(after, '')
      found.push({ section: match.section, text: rest })
    } else if (last !== undefined && written.replace(before, '') !== '') {
      last.text = last.text === '' ? written : `${last.text}\n${written}`
    }
  }
  return found
}

/** Length of the longest run of rising numbers, others between them left out. */
function longestRise(numbers: readonly number[]): number {
  const lengths: number[] = []
  for (const [at, number] of numbers.entries()) {
    lengths[at] = 1 + Math.max(0, ...lengths.filter((_, earlier) => numbers[earlier]! < number))
  }
  return Math.max(0, ...lengths)
}
