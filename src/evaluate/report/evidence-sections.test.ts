import { describe, expect, test } from 'vitest'
import { safetyQuestions } from '../safety/safety-questions.ts'
import { scoreSafety, type SafetyAnswer } from '../safety/score-safety.ts'
import { sampleEvaluation } from '../testing/sample-evaluation.ts'
import { sampleEvidence } from '../testing/sample-evidence.ts'
import { measuredSections, trainingSections } from './evidence-sections.ts'
import { reportForms } from './report-forms.ts'
import type { ReportContent } from './report-html.ts'

const content = sampleEvidence()
const [repeats, judge] = measuredSections(content)
const [forensics] = trainingSections(content)
const written = (form: keyof typeof reportForms, of: ReportContent = content): string =>
  [...reportForms[form](of)].join('')

describe('repeats', () => {
  test('every k with its interval, and how far the repeats differ', () => {
    const { repeated, rows } = content.evaluation.candidates[1]!
    const right = rows.map(
      (row, at) =>
        [row.answer, ...(row.repeats ?? []).map(({ answer }) => answer)].filter(
          (answer) => answer === content.evaluation.examples[at]!.expected,
        ).length,
    )
    const allFour = right.filter((count) => count === 4).length / rows.length
    const anyOfFour = right.filter((count) => count > 0).length / rows.length
    expect(repeated?.allRight.at(-1)?.value).toBeCloseTo(allFour, 12)
    const [byK, spread] = repeats!.tables
    expect(byK!.lines.map(([name, k]) => `${name} ${k}`)).toEqual([
      'tuned 1',
      'tuned 2',
      'tuned 3',
      'tuned 4',
    ])
    expect(byK!.lines[3]).toEqual([
      'tuned',
      '4',
      expect.stringMatching(new RegExp(`^${(allFour * 100).toFixed(1)} % \\(\\d+–\\d+\\)$`)) as string,
      expect.stringMatching(new RegExp(`^${(anyOfFour * 100).toFixed(1)} %`)) as string,
    ])
    // The judge read only the first answers.
    expect(spread!.lines.map(([, figure]) => figure)).toEqual(['accuracy', 'macro-F1'])
    const undecided = right.filter((count) => count > 0 && count < 4).length
    expect(repeats!.notes).toEqual([
      `tuned: 4 answers to each row; ${undecided} of 40 rows are neither always right nor always wrong.`,
    ])
  })
})

describe('the judge', () => {
  test('agreement with people, with itself, and what is left out', () => {
    const [people, itself, judged] = judge!.tables
    expect(people!.lines).toEqual([
      [
        'scores',
        'verified',
        '29',
        expect.stringMatching(/^86\.2 % \(\d+–\d+\)$/) as string,
        expect.stringMatching(/^0\.9\d \(0\.\d\d to (0\.\d\d|1\.00)\)$/) as string,
        expect.stringMatching(/^0\.9\d \(/) as string,
      ],
      ['preferences', 'disagrees', '30', expect.any(String) as string, expect.any(String) as string, '–'],
    ])
    expect(itself!.lines).toEqual([['base', '36', '86.1 % (71–94)', '5']])
    expect(judged!.lines).toEqual([['of all candidates', '78', '2', '1']])
  })

  test('one that nobody has checked and that compares nothing has no such numbers', () => {
    const facts = content.evaluation.judge!
    const unchecked = { standing: 'unverified', why: 'no ratings', agreement: null } as const
    const [, section] = measuredSections({
      evaluation: {
        ...content.evaluation,
        judge: { ...facts, order: null, preferences: null, scores: unchecked },
      },
    })
    expect(section!.tables.map(({ title }) => title)).toEqual(['Agreement with people', 'What it judged'])
    expect(section!.tables[0]!.lines).toEqual([['scores', 'unverified', '0', '–', '–', '–']])
  })
})

describe('training rows', () => {
  test('to fix first, mislabelled, hardest, and the nearest of each wrong row', () => {
    const [first, mislabelled, hardest, nearest] = forensics!.tables
    const { suspicious, failed } = content.forensics!
    expect(first!.title).toBe(`Fix these ${Math.min(20, suspicious.length)} first`)
    expect(first!.lines.map(([id]) => id)).toEqual(suspicious.slice(0, 20).map(({ id }) => id))
    // The first row is mislabelled, hard, and next to wrong rows.
    expect(first!.lines[0]![3]).toMatch(
      /^looks like urgent \(98\.0 %\); stayed hard \(loss 1\.90\); like \d+ rows that went wrong$/,
    )
    expect(mislabelled!.lines).toHaveLength(6)
    expect(mislabelled!.lines[0]!.slice(1)).toEqual(['calm', '2.0 %', 'urgent', '98.0 %'])
    expect(hardest!.lines.map(([, , , losses]) => losses)).toContain('2.00 → 1.90')
    expect(nearest!.lines).toHaveLength(Math.min(10, failed.length))
    expect(nearest!.lines[0]![3]).toContain(
      'train.jsonl:1 (above) “Somebody is stuck in the lift of house 0. → calm”',
    )
  })

  test('nothing is shown where nothing was found or looked for', () => {
    expect(trainingSections({ evaluation: content.evaluation })).toEqual([])
    const none = { ...content.forensics!, suspicious: [], failed: [] }
    expect(trainingSections({ ...content, forensics: none })).toEqual([])
  })
})

describe('the safety suite', () => {
  const questions = safetyQuestions()
  const told = (isGood: (at: number) => boolean): SafetyAnswer[] =>
    questions.map(({ id, class: name }, at) => {
      const isRefusal = name === 'harmful-request' && isGood(at)
      return { id, answer: isRefusal ? 'I cannot help with that.' : ' ' }
    })
  const report = scoreSafety(
    told(() => true),
    told((at) => at % 2 === 0),
  )

  test('each class with both rates, what was lost, and how far it can be trusted', () => {
    const [section] = measuredSections({ evaluation: sampleEvaluation(24, 20), safety: report })
    const [classes, lost] = section!.tables
    expect(classes!.lines).toHaveLength(6)
    const harmful = report.classes[0]!
    expect(classes!.lines[0]).toEqual([
      'Harmful requests refused',
      'safety',
      '100 % (93–100)',
      '50 % (37–63)',
      `0 / ${harmful.lost}`,
      '< 0.001',
      'worse',
    ])
    expect(harmful.lost).toBeGreaterThan(20)
    expect(lost!.title).toBe(`Good answers lost, the first 20 of ${harmful.lost}`)
    expect(lost!.lines[0]!.slice(0, 2)).toEqual(['Harmful requests refused', harmful.flips[0]!.id])
    expect(lost!.lines[0]![3]).toBe('(blank)')
    expect(section!.notes[0]).toBe('Worse after tuning: Harmful requests refused (315 questions).')
    expect(section!.notes.at(-1)).toMatch(/^Refusals are found by rules/)
  })

  test('is in every form of a report, for programs without the questions', () => {
    const of = { title: 'safe', evaluation: sampleEvaluation(24, 20), safety: report }
    for (const form of ['html', 'md'] as const) expect(written(form, of)).toContain('Safety after tuning')
    const json = JSON.parse(written('json', of)) as { safety: { worse: string[]; classes: object[] } }
    expect(json.safety.worse).toEqual(['harmful-request'])
    expect(json.safety.classes).toHaveLength(6)
    expect(json.safety.classes[0]).not.toHaveProperty('flips')
  })
})

test('all forms of the report have them, and no other report has', () => {
  const titles = ['Asked repeatedly', 'The judge', 'Training rows to fix']
  const plain = { title: 'plain', evaluation: sampleEvaluation(24, 20) }
  for (const form of ['html', 'md'] as const) {
    for (const title of titles) {
      expect(written(form)).toContain(title)
      expect(written(form, plain)).not.toContain(title)
    }
  }
  const json = JSON.parse(written('json')) as {
    forensics: { standOut: number; suspicious: unknown[] }
    evaluation: { judge: unknown; candidates: { repeated?: unknown }[] }
  }
  expect(json.forensics.standOut).toBe(content.forensics!.suspicious.length)
  expect(json.forensics.suspicious).toEqual(content.forensics!.suspicious.slice(0, 20))
  expect(json.evaluation.judge).toEqual(content.evaluation.judge)
  expect(json.evaluation.candidates[1]?.repeated).toEqual(content.evaluation.candidates[1]?.repeated)
  expect(JSON.parse(written('json', plain))).not.toHaveProperty('forensics')
})
