import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config/read-config.ts'
import { createEvaluation } from '../src/evaluate/create-evaluation.ts'
import type { EvaluationTask } from '../src/evaluate/evaluation-task.ts'
import { reportForms } from '../src/evaluate/report/report-forms.ts'
import { checkFile } from '../src/data/check/check-file.ts'
import { mostCommonSequence } from './testing/most-common-sequence.ts'
import { exampleFile, exampleRecords, generated } from './testing/read-example.ts'

const example = 'legal-form'
const read = (name: string): string => exampleFile(example, name)
const form =
  /^FACT: (?<fact>[^\n]+\.)\nLEGAL BASIS: (?<basis>[^\n]+)\nRISK: (?<risk>low|medium|high|not assessed), [^\n]+\nRECOMMENDATION: [^\n]+\.$/
const records = exampleRecords(example).map((record) => ({
  ...record,
  parts: form.exec(record.answer)?.groups ?? {},
}))

/** The risk by the letter of the Act, from the number of the fact; written apart from the generator. */
const limits: readonly (readonly [RegExp, number, number])[] = [
  [/renewed (\S+) days? late/, 0, 14],
  [/went on (\S+) minutes past/, 0, 30],
  [/which is (\S+) %/, 20, 20],
  [/paid back (\S+) days? after/, 10, Infinity],
  [/reported (\S+) hours? after/, 48, 48],
  [/tested (\S+) months ago/, 12, 15],
  [/kept at (\S+) degrees/, 7, 10],
  [/withdrew (\S+) days? after/, 14, 14],
  [/worked (\S+) hours? in/, 3, 3],
  [/removed (\S+) minutes after/, 60, 120],
  // Nearer is worse.
  [/stood (\S+) metres from/, -2, -1],
  [/filed (\S+) days? after/, 21, 21],
]

function riskOf(fact: string): string | undefined {
  for (const [pattern, low, medium] of limits) {
    const found = pattern.exec(fact)?.[1]
    if (found === undefined) continue
    const value = fact.includes('metres') ? -Number(found) : Number(found)
    return value <= low ? 'low' : value <= medium ? 'medium' : 'high'
  }
  return undefined
}

describe('examples/legal-form', () => {
  test('the generator writes exactly the committed file', async () => {
    expect((await generated(example)) === read('data.jsonl')).toBe(true)
  })

  test('every answer has the four lines, every record the system prompt of the example', async () => {
    expect(records.length).toBeGreaterThanOrEqual(400)
    expect(records.filter(({ parts }) => parts['fact'] === undefined)).toEqual([])
    expect(records.filter(({ system }) => system !== read('system.txt').trim())).toEqual([])
    const config = await readConfig(join('examples', example))
    expect(config.task).toMatchObject({
      kind: 'text',
      sections: ['FACT:', 'LEGAL BASIS:', 'RISK:', 'RECOMMENDATION:'],
    })
    const evaluation = createEvaluation({
      task: config.task as EvaluationTask,
      split: 'test',
      examples: records.map(({ user, answer }, at) => ({ id: `${at}`, input: user, expected: answer })),
      candidates: [
        {
          id: 'without-risk',
          description: '',
          answers: records.map(({ answer }, at) => ({
            exampleId: `${at}`,
            answer: answer.replace(/RISK: [^\n]+/, 'RISK:'),
            promptTokens: 1,
            completionTokens: 1,
          })),
        },
      ],
      settings: { resamples: 20 },
    })
    const [candidate] = evaluation.candidates
    const count = records.length
    expect(candidate?.scores.find(({ metric }) => metric === 'section-form')?.value).toBe(0)
    expect(candidate?.sections?.map(({ found, empty, same }) => [found, empty, same])).toEqual([
      [count, 0, count],
      [count, 0, count],
      [0, count, 0],
      [count, 0, count],
    ])
    expect([...reportForms.html({ title: example, evaluation })].join('')).toContain('By section')
  })

  test('the risk follows from the number, but for the six that are wrong on purpose', () => {
    const numbered = records.filter(({ parts }) => riskOf(parts['fact'] ?? '') !== undefined)
    expect(numbered.length).toBeGreaterThan(300)
    const wrong = numbered.filter(({ parts }) => riskOf(parts['fact'] ?? '') !== parts['risk'])
    expect(wrong.length).toBeLessThanOrEqual(6)
    expect(wrong.length).toBeGreaterThan(0)
  })

  test('numbers at the limits are among them', () => {
    const numbers = [
      '14 days late',
      '30 minutes past',
      'is 20 %',
      '10 days after',
      '48 hours',
      '12 months',
      'at 7 degrees',
    ]
    expect(numbers.filter((number) => !records.some(({ answer }) => answer.includes(number)))).toEqual([])
  })

  test('statute, prompt and README have all sections that are cited; none is rare', () => {
    const cited = records.map(({ parts }) => /^§ \d+|^none/.exec(parts['basis'] ?? '')?.[0] ?? 'unreadable')
    const sections = [...new Set(cited)].filter((section) => section !== 'none')
    expect(sections).toHaveLength(14)
    for (const file of ['statute.md', 'prompt.txt', 'README.md']) {
      expect(sections.filter((section) => !read(file).includes(`${section} `))).toEqual([])
    }
    const told = [...read('README.md').matchAll(/^\| (§ \d+|none)[^|]*\| +(\d+) \|/gm)]
    expect(told.reduce((sum, match) => sum + Number(match[2]), 0)).toBe(records.length)
    // Three records cite the section beside theirs.
    const off = told.map((match) =>
      Math.abs(cited.filter((section) => section === match[1]).length - Number(match[2])),
    )
    expect(off.reduce((sum, difference) => sum + difference, 0)).toBe(6)
  })

  test('the README shows a record', () => {
    const block = /```\nuser +([^\n]+)\nassistant +([\s\S]+?)\n```/.exec(read('README.md'))
    const answer = (block?.[2] ?? '').replaceAll(/\n +/g, '\n')
    expect(records.map((record) => [record.user, record.answer])).toContainEqual([block?.[1], answer])
  })

  test('no template shows', () => {
    expect(
      mostCommonSequence(
        records.map(({ user }) => user),
        5,
      ).share,
    ).toBeLessThan(0.02)
    expect(new Set(records.map(({ user }) => user)).size).toBe(records.length)
  })

  test('the check finds nothing', async () => {
    const { problems, records: checked } = await checkFile(join('examples', example, 'data.jsonl'))
    expect(checked).toBe(records.length)
    expect(problems.findings).toEqual([])
  })
})
