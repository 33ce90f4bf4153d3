import { describe, expect, test } from 'vitest'
import { createEvaluation } from '../create-evaluation.ts'
import { sampleEvaluation } from '../testing/sample-evaluation.ts'
import { displayWidth } from '../../lib/display-width.ts'
import { clipped, shortened } from '../shortened.ts'
import { printableText } from '../../lib/printable-text.ts'
import { reportLines, verdictLines, weakestText } from './report-lines.ts'
import { wrapLines } from './wrap-lines.ts'

const evaluation = sampleEvaluation(96, 1000)

describe('the report for a terminal', () => {
  const lines = reportLines(evaluation)

  test('table, unusable answers, verdict and weakest label', () => {
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "                    accuracy          macro-F1           tokens in/out   p50 latency
      base                  8.3 % (4–16)    0.09 (0.05–0.18)        206 / 24        0.44 s
      base + 8 examples    28.1 % (20–38)   0.29 (0.22–0.41)        753 / 23        0.77 s
      tuned                91.7 % (84–96)   0.92 (0.85–0.97)         79 / 23        0.30 s

      base: 27 of 96 answers unreadable, counted as wrong (no line "ROUTE: …" 27); 5 cut at the token
      limit
      base + 8 examples: 7 of 96 answers unreadable, counted as wrong (no line "ROUTE: …" 7); 3 cut at the
      token limit
      tuned: 6 cut at the token limit

      Better: tuned beats base + 8 examples by 63.5 points (95 % interval 51 to 73, McNemar p < 0.001, 96
      pairs), with 89 % fewer prompt tokens.
      accuracy 28.1 % → 91.7 % with 89 % fewer prompt tokens than base + 8 examples.
      Weakest: MANUAL_REVIEW 0.81 F1, wrongly given 4 times. 8 of 96 rows wrong; 2 of them look
      mislabelled."
    `)
  })

  test('no line is longer than 100 columns', () => {
    expect(lines.length).toBeGreaterThan(8)
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(100)
  })

  test('what a model wrote cannot drive the terminal', () => {
    const hostile = createEvaluation({
      task: { kind: 'labels', labels: ['\u001b[31mred', 'ok\u202egnp'] },
      split: 'test',
      examples: [
        { id: 'a', input: '', expected: '\u001b[31mred' },
        { id: 'b', input: '', expected: 'ok\u202egnp' },
      ],
      candidates: [
        {
          id: 'one',
          title: '\u001b]0;title\u0007',
          description: '',
          answers: ['a', 'b'].map((exampleId) => ({
            exampleId,
            answer: 'ok\u202egnp',
            latencyMs: 1,
            promptTokens: 1,
            completionTokens: 1,
          })),
        },
      ],
      settings: { resamples: 50 },
    })
    const text = reportLines(hostile).join('')
    expect(text).toContain('‹U+001B›[31mred')
    expect(text).not.toMatch(/[\p{Cc}\u202e]/u)
  })

  test('one candidate alone has no verdict but its rows', () => {
    const alone = { ...evaluation, comparisons: [], strongestBaseline: null }
    expect(verdictLines(alone).join(' ')).toMatch(/^Weakest: .* rows wrong/)
  })
})

test('ways in which a label is weak', () => {
  const weakest = { label: 'x', f1: 0.5, support: 4, mistakenFor: null, wronglyGiven: 2 }
  expect(weakestText(weakest)).toBe('Weakest: x 0.50 F1, wrongly given twice, never missed.')
  expect(weakestText({ ...weakest, mistakenFor: { label: null, count: 3 } })).toBe(
    'Weakest: x 0.50 F1, unreadable 3 times.',
  )
  expect(weakestText(null)).toBe('')
})

describe('text that is safe to show', () => {
  test('characters that are not seen are written out, joiners and umlauts stay', () => {
    expect(printableText('a\u202eb\u0000\u200b\ufeff\ud800')).toBe(
      'a‹U+202E›b‹U+0000›‹U+200B›‹U+FEFF›‹U+D800›',
    )
    expect(printableText('\u{e0041}')).toBe('‹U+E0041›')
    expect(printableText('Öl 👩‍🔧 可')).toBe('Öl 👩‍🔧 可')
    expect(printableText('a\nb\tc\r')).toBe('a‹U+000A›b‹U+0009›c‹U+000D›')
    expect(printableText('a\nb\tc\r', { keepLines: true })).toBe('a\nb\tc‹U+000D›')
  })

  test('a cut says how much it left out and halves no character', () => {
    expect(shortened('abcdef', 6)).toBe('abcdef')
    expect(shortened('abcdefg', 6)).toBe('abcdef … (1 more characters)')
    expect(clipped('abcdefg', 6)).toBe('abcde…')
    expect(clipped('ab👍cd', 4)).toBe('ab…')
    expect(shortened('ab👍cd', 3)).toBe('ab … (4 more characters)')
  })

  test('lines break at spaces and count the columns of wide characters', () => {
    expect(wrapLines('aa bb cc', 5)).toEqual(['aa bb', 'cc'])
    expect(wrapLines('保険 請求', 5)).toEqual(['保険', '請求'])
    expect(wrapLines('', 5)).toEqual([])
    expect(displayWidth('é́👩‍🔧')).toBe(5)
  })
})
