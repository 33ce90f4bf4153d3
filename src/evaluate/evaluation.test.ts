import { describe, expect, test } from 'vitest'
import { HoneError } from '../core/errors.ts'
import { createEvaluation, evaluationJson, type EvaluationInput } from './create-evaluation.ts'
import { compareTable } from './comparison/compare-table.ts'
import { evaluationTable } from './comparison/evaluation-table.ts'
import type { CandidateAnswer, Comparison, Evaluation } from './evaluation.ts'
import { likeliestRule, type LabelRule } from './label-rule.ts'
import { sampleEvaluation } from './testing/sample-evaluation.ts'

const answersOf = (answers: readonly string[], more: Partial<CandidateAnswer> = {}): CandidateAnswer[] =>
  answers.map((answer, at) => ({
    exampleId: `row ${at}`,
    answer,
    latencyMs: 100 * (at + 1),
    promptTokens: 10,
    completionTokens: 2,
    ...more,
  }))
const examplesOf = (expected: readonly string[]): EvaluationInput['examples'] =>
  expected.map((text, at) => ({ id: `row ${at}`, input: `input ${at}`, expected: text }))

const letters = { kind: 'labels', labels: ['a', 'b', 'c'] } as const

/** Evaluates answers of candidates named by their keys on rows of the labels a, b and c. */
const evaluate = (
  expected: readonly string[],
  given: Record<string, readonly string[] | readonly CandidateAnswer[]>,
  more: Partial<EvaluationInput> = {},
) =>
  createEvaluation({
    task: letters,
    split: 'test',
    examples: examplesOf(expected),
    candidates: Object.entries(given).map(([id, answers]) => ({
      id,
      description: `candidate ${id}`,
      answers: answers.map((answer, at) => ({
        ...(typeof answer === 'string' ? answersOf([answer])[0]! : answer),
        exampleId: `row ${at}`,
      })),
    })),
    settings: { resamples: 200 },
    ...more,
  })

const errorOf = (work: () => unknown): HoneError => {
  try {
    work()
  } catch (error) {
    if (HoneError.isInstance(error)) return error
    throw error
  }
  throw new Error('no error was thrown')
}

describe('scores of a candidate', () => {
  const { candidates } = evaluate(['a', 'b', 'c', 'a'], { one: ['a', 'B.', 'dunno', ''] })
  const [one] = candidates

  test('an answer that cannot be read is wrong, counted, and has its reason', () => {
    expect(one?.rows.map(({ read, correct }) => [read, correct])).toEqual([
      ['a', true],
      ['b', true],
      [null, false],
      [null, false],
    ])
    expect(one?.unreadable.count).toBe(2)
    expect(one?.unreadable.reasons).toEqual([
      { reason: 'not one of the labels', count: 1 },
      { reason: 'the answer is empty', count: 1 },
    ])
    expect(one?.scores[0]).toMatchObject({ metric: 'accuracy', value: 0.5, interval: { method: 'wilson' } })
    expect(one?.scores[1]).toMatchObject({ metric: 'macro-f1', interval: { method: 'bca' } })
    // F1 of a is 2/3, of b 1, of c 0.
    expect(one?.scores[1]?.value).toBeCloseTo(5 / 9, 14)
    expect(one?.confusion?.unreadable).toEqual([1, 0, 1])
  })

  test('tokens, latency and cut answers are those of the rows', () => {
    const answers = answersOf(['a', 'b', 'c']).map((answer, at) => ({
      ...answer,
      promptTokens: 10 + at,
      finishReason: at === 0 ? ('length' as const) : ('stop' as const),
      latencyMs: [300, 100, 200][at]!,
    }))
    const result = evaluate(['a', 'b', 'c'], { one: answers }).candidates[0]
    expect(result).toMatchObject({ cut: 1, tokensPerQuery: { prompt: 11, completion: 2 } })
    expect(result?.latencyMs?.p50).toBe(200)
    expect(result?.latencyMs?.p95).toBeCloseTo(290, 10)
  })
})

describe('what is refused', () => {
  test('no row is an error and not 100 %', () => {
    expect(errorOf(() => evaluate([], { one: [] })).code).toBe('E_DATA_EMPTY')
  })

  test('an expected answer that cannot be read names its row', () => {
    const error = errorOf(() => evaluate(['a', 'z'], { one: ['a', 'a'] }))
    expect(error.code).toBe('E_DATA')
    expect(error.message).toContain('row 1')
  })

  test.each([
    ['an answer too few', answersOf(['a'])],
    ['an answer too many', answersOf(['a', 'b', 'c'])],
    ['the order changed', answersOf(['a', 'b']).toReversed()],
    ['a latency that is no number', answersOf(['a', 'b'], { latencyMs: Number.NaN })],
    ['a negative count', answersOf(['a', 'b'], { promptTokens: -1 })],
  ])('%s', (_, answers) => {
    const candidates = [{ id: 'one', description: '', answers }]
    const work = () =>
      createEvaluation({ task: letters, split: 'test', examples: examplesOf(['a', 'b']), candidates })
    expect(errorOf(work).code).toBe('E_INTERNAL')
  })

  test('two rows or two candidates of one name, no candidate, an unknown challenger', () => {
    const one = { id: 'one', description: '', answers: answersOf(['a', 'b']) }
    const examples = examplesOf(['a', 'b'])
    const code = (input: Partial<EvaluationInput>): string =>
      errorOf(() => createEvaluation({ task: letters, split: 'test', examples, candidates: [one], ...input }))
        .code
    expect(code({ examples: [...examples, ...examples] })).toBe('E_DATA')
    expect(code({ candidates: [one, one] })).toBe('E_CONFIG')
    expect(code({ candidates: [] })).toBe('E_CONFIG')
    expect(code({ challenger: 'two' })).toBe('E_CONFIG')
  })
})

const many = (text: string, count: number): string[] => Array.from({ length: count }, () => text)

describe('comparison', () => {
  test('better, with the numbers of the interval and the test', () => {
    const expected = many('a', 40)
    const tuned = answersOf(many('a', 40), { promptTokens: 1 })
    const evaluation = evaluate(expected, { base: [...many('b', 30), ...many('a', 10)], tuned })
    const [comparison] = evaluation.comparisons
    expect(comparison).toMatchObject({
      baseline: 'base',
      challenger: 'tuned',
      pairs: 40,
      flips: { gained: 30, lost: 0, same: 10 },
      verdict: 'better',
    })
    expect(comparison?.differences[0]?.test.pValue).toBeCloseTo(2 ** -29, 20)
    expect(comparison?.differences[0]).toMatchObject({ value: 0.75, interval: { method: 'tango' } })
    expect(comparison?.sentence).toBe(
      'Better: tuned beats base by 75.0 points (95 % interval 60 to 86, McNemar p < 0.001, 40 pairs), with 90 % fewer prompt tokens.',
    )
  })

  test('worse is said as plainly', () => {
    const evaluation = evaluate(many('a', 40), {
      base: many('a', 40),
      tuned: [...many('b', 12), ...many('a', 28)],
    })
    expect(evaluation.comparisons[0]).toMatchObject({ verdict: 'worse', flips: { gained: 0, lost: 12 } })
    expect(evaluation.comparisons[0]?.sentence).toMatch(
      /^Worse: tuned loses to base by 30\.0 points \(95 % interval −4\d to −1\d, /,
    )
  })

  test('not enough rows where it may be chance, with an interval on both sides of zero', () => {
    const evaluation = evaluate(many('a', 20), {
      base: [...many('b', 2), ...many('a', 18)],
      tuned: [...many('a', 19), 'b'],
    })
    const [comparison] = evaluation.comparisons
    expect(comparison?.verdict).toBe('not enough rows')
    expect(comparison?.sentence).toMatch(
      /^Not enough rows: tuned is 5\.0 points above base, which may be chance \(95 % interval −\d+ to \d+, McNemar p = 1\.00, 20 pairs\), with as many prompt tokens; about [\d,]+ more rows would probably tell\.$/,
    )
  })

  test('the same answers are the same score, at one row too', () => {
    const evaluation = evaluate(['a'], { base: ['a'], tuned: ['a'] })
    expect(evaluation.comparisons[0]).toMatchObject({
      verdict: 'not enough rows',
      differences: [{ test: { pValue: 1 } }, {}],
    })
    expect(evaluation.comparisons[0]?.sentence).toMatch(
      /^Not enough rows: tuned scores the same as base \(.*1 pair\)/,
    )
    expect(evaluation.candidates[0]?.scores[1]?.interval).toBeNull()
  })

  test('an interval without zero does not suffice when the exact test is unsure', () => {
    // Tango: 0.049 to 0.469; exact McNemar: 0.0625.
    const evaluation = evaluate(many('a', 20), {
      base: [...many('b', 5), ...many('a', 15)],
      tuned: many('a', 20),
    })
    const [comparison] = evaluation.comparisons
    expect(comparison?.differences[0]?.interval?.lower).toBeGreaterThan(0)
    expect(comparison?.differences[0]?.test.pValue).toBe(0.0625)
    expect(comparison?.verdict).toBe('not enough rows')
  })

  test('the verdict is against the strongest of the others, whatever the order', () => {
    const evaluation = evaluate(
      ['a', 'a', 'b', 'c'],
      { tuned: ['a', 'a', 'b', 'c'], base: ['b', 'b', 'b', 'b'], strong: ['a', 'a', 'b', 'b'] },
      { challenger: 'tuned' },
    )
    expect(evaluation.strongestBaseline).toBe('strong')
    expect(evaluation.comparisons.map(({ baseline }) => baseline)).toEqual(['base', 'strong'])
    expect(evaluate(['a'], { alone: ['a'] })).toMatchObject({ strongestBaseline: null, comparisons: [] })
  })

  test("the challenger's model asked in another way is compared, and is not what it has to beat", () => {
    const candidates = { base: ['b', 'b'], balanced: ['a', 'b'], tuned: ['a', 'a'] }
    const models: Record<string, string> = { balanced: 'letters-1', tuned: 'letters-1' }
    const withModels = (given: Record<string, readonly string[]>): EvaluationInput['candidates'] =>
      Object.entries(given).map(([id, answers]) => ({
        id,
        description: id,
        ...(models[id] === undefined ? {} : { model: models[id] }),
        answers: answersOf(answers).map((answer, at) => ({ ...answer, exampleId: `row ${at}` })),
      }))
    const expected = ['a', 'b']
    const evaluation = evaluate(expected, {}, { candidates: withModels(candidates), challenger: 'tuned' })
    expect(evaluation.comparisons.map(({ baseline }) => baseline)).toEqual(['base', 'balanced'])
    expect(evaluation.strongestBaseline).toBe('base')
    const { base: _, ...own } = candidates
    const alone = evaluate(expected, {}, { candidates: withModels(own), challenger: 'tuned' })
    expect(alone.strongestBaseline).toBe('balanced')
  })

  test('free text is compared by its row scores', () => {
    const expected = Array.from({ length: 12 }, (_, at) => `the answer number ${at}`)
    const evaluation = evaluate(
      expected,
      {
        base: expected.map((text, at) => (at < 2 ? text : 'the thing')),
        tuned: expected.map((text) => `${text}!`),
      },
      { task: { kind: 'text' } },
    )
    const [comparison] = evaluation.comparisons
    expect(comparison).toMatchObject({
      verdict: 'better',
      flips: { gained: 10, lost: 0, same: 2 },
      differences: [{ test: { name: 'permutation', exact: true } }, {}],
    })
    expect(comparison?.sentence).toMatch(
      /^Better: tuned beats base by 0\.\d\d token F1 \(95 % interval 0\.\d+ to 0\.\d+, permutation p = 0\.00\d, adjusted p = 0\.00\d, 12 pairs\)/,
    )
  })

  test('many small wins against a few great losses are not shown, however many they are', () => {
    const long = 'a b c d e f g h i j k l m n o p q r s t u v w x'
    const expected = many(long, 20)
    const base = [...many(`${long} y`, 17), ...many(long, 3)]
    const tuned = [...many(long, 17), ...many('nothing', 3)]
    const evaluation = evaluate(expected, { base, tuned }, { task: { kind: 'text' } })
    const [comparison] = evaluation.comparisons
    expect(comparison).toMatchObject({ flips: { gained: 17, lost: 3 }, verdict: 'not enough rows' })
    expect(comparison?.differences[0]?.value).toBeLessThan(0)
  })

  test('candidates that answer with different labels are compared label by label', () => {
    const expected = many('a', 40)
    const { comparisons } = evaluate(expected, {
      base: many('b', 40),
      tuned: [...many('c', 20), ...many('a', 20)],
    })
    const macroF1 = comparisons[0]?.differences[1]
    expect(macroF1).toMatchObject({ metric: 'macro-f1', before: 0, test: { name: 'permutation' } })
    expect(macroF1?.after).toBeCloseTo(2 / 3, 12)
    expect(macroF1?.test.pValue).toBeLessThan(0.01)
  })

  test('JSON is scored as a whole and by field', () => {
    const evaluation = evaluate(
      ['{"a":1,"b":2}', '{"a":1,"b":3}'],
      { one: ['{"b":2,"a":1}', '{"a":1,"b":0}'] },
      { task: { kind: 'json' } },
    )
    expect(evaluation.candidates[0]).toMatchObject({
      scores: [
        { metric: 'exact-match', value: 0.5 },
        { metric: 'field-accuracy', value: 0.75 },
      ],
      fields: [
        { field: 'a', right: 2, rows: 2 },
        { field: 'b', right: 1, rows: 2 },
      ],
    })
    expect(evaluation.weakestLabel).toBeNull()
  })
})

const scored = (answer: string, a: number, b: number): CandidateAnswer => ({
  ...answersOf([answer])[0]!,
  labelScores: [
    { label: 'a', logProbability: Math.log(a), probability: a },
    { label: 'b', logProbability: Math.log(b), probability: b },
  ],
})

describe('what to look at', () => {
  test('the weakest label and what it is mistaken for', () => {
    const { weakestLabel } = evaluate(['a', 'a', 'a', 'b', 'c'], { one: ['b', 'b', 'a', 'b', 'c'] })
    // F1 of a: 2 · 1 / (3 + 1) = 0.5; of b: 2 · 1 / (1 + 3) = 0.5, with fewer rows.
    expect(weakestLabel).toEqual({
      label: 'a',
      f1: 0.5,
      support: 3,
      mistakenFor: { label: 'b', count: 2 },
      wronglyGiven: 0,
    })
    expect(evaluate(['a', 'b'], { one: ['a', '?'] }).weakestLabel?.mistakenFor).toEqual({
      label: null,
      count: 1,
    })
    expect(evaluate(['a', 'b'], { one: ['a', 'b'] }).weakestLabel).toBeNull()
    // Both at 0: the label with more rows counts.
    expect(evaluate(['a', 'c', 'c'], { one: ['b', 'b', 'b'] }).weakestLabel?.label).toBe('c')
  })

  test('wrong rows by surprise, and the flag for a sure other label', () => {
    const { worstRows } = evaluate(['a', 'a', 'a', 'a'], {
      one: [scored('b', 0.4, 0.6), scored('b', 0, 1), scored('a', 0.01, 0.99), scored('b', 0.1, 0.9)],
    })
    expect(worstRows).toMatchObject({ wrong: 3, looksMislabelled: 2 })
    expect(worstRows.rows.map(({ exampleId }) => exampleId)).toEqual(['row 1', 'row 3', 'row 0'])
    expect(worstRows.rows[1]).toMatchObject({
      likeliest: { label: 'b', probability: 0.9 },
      looksMislabelled: true,
    })
    expect(worstRows.rows[2]).toMatchObject({ looksMislabelled: false })
    expect(worstRows.rows[2]?.surprise).toBeCloseTo(-Math.log(0.4), 14)
    expect(worstRows.rows.every(({ surprise }) => Number.isFinite(surprise))).toBe(true)
  })

  test('a wrong answer of a model that is sure of the right label does not make the label suspect', () => {
    const { worstRows } = evaluate(['a'], { one: [scored('b', 0.99, 0.01)] })
    expect(worstRows).toMatchObject({ wrong: 1, looksMislabelled: 0 })
  })

  test('without probabilities the loss orders, then the row score; at most ten are listed', () => {
    const lossy = answersOf(['b', 'b', 'b']).map((answer, at) => ({ ...answer, loss: [1, 3, 2][at]! }))
    const byLoss = evaluate(['a', 'a', 'a'], { one: lossy }).worstRows.rows
    expect(byLoss.map(({ exampleId }) => exampleId)).toEqual(['row 1', 'row 2', 'row 0'])
    const byScore = evaluate(['x y', 'x y'], { one: ['x', 'q'] }, { task: { kind: 'text' } }).worstRows.rows
    expect(byScore.map(({ exampleId }) => exampleId)).toEqual(['row 1', 'row 0'])
    const twelve = Array.from({ length: 12 }, () => 'a')
    const { wrong, rows } = evaluate(twelve, { one: twelve.map(() => 'b') }).worstRows
    expect([wrong, rows.length]).toEqual([12, 10])
  })
})

const reads = (evaluation: Evaluation) => evaluation.candidates[0]?.rows.map(({ read }) => read)

describe('labels that are decided by probabilities', () => {
  const given = [scored('b', 0.4, 0.6), scored('a', 0.45, 0.55), scored('?', 0.9, 0.1)]
  const decided = (labelRule?: LabelRule) =>
    createEvaluation({
      task: letters,
      split: 'test',
      examples: examplesOf(['b', 'a', 'a']),
      candidates: [
        {
          id: 'one',
          description: '',
          answers: given.map((answer, at) => ({ ...answer, exampleId: `row ${at}` })),
          ...(labelRule === undefined ? {} : { labelRule }),
        },
      ],
      settings: { resamples: 50 },
    })
  test('the likeliest, and the likeliest of what is made up for rare labels', () => {
    expect(reads(decided())).toEqual(['b', 'a', null])
    expect(reads(decided(likeliestRule))).toEqual(['b', 'b', 'a'])
    const shares = [
      { label: 'a', share: 0.4 },
      { label: 'b', share: 0.6 },
    ]
    const rule = { tau: 1, shares, chosenOn: { split: 'validation', rows: 9, macroF1: 0.9 } }
    const evaluation = decided(rule)
    // 0.4 / 0.4 is no more than 0.6 / 0.6; 0.45 / 0.4 is more than 0.55 / 0.6.
    expect(reads(evaluation)).toEqual(['a', 'a', 'a'])
    expect(evaluation.candidates[0]?.labelRule).toEqual(rule)
    const { scores } = compareTable(evaluationTable(evaluation), 'one', { resamples: 50 })
    expect(scores.map(({ value }) => value)).toEqual(
      evaluation.candidates[0]?.scores.map(({ value }) => value),
    )
  })

  test('a row without probabilities is named', () => {
    expect(
      errorOf(() =>
        evaluate(
          ['a'],
          { one: ['a'] },
          {
            candidates: [{ id: 'one', description: '', answers: answersOf(['a']), labelRule: likeliestRule }],
          },
        ),
      ),
    ).toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringContaining('row 0') as string,
    })
  })
})

/** Fewer comparisons need less adjustment. */
const unadjusted = ({ differences, ...rest }: Comparison): object => ({
  ...rest,
  differences: differences.map(({ adjustedP: _adjustedP, ...difference }) => difference),
})

describe('the evaluation as a file', () => {
  const evaluation = sampleEvaluation(48, 200)

  test('is JSON that reads back the same, without a number that JSON lacks', () => {
    expect(JSON.parse(evaluationJson(evaluation))).toEqual(evaluation)
    expect(evaluation).toMatchObject({
      schema: 2,
      rows: 48,
      challenger: 'tuned',
      strongestBaseline: 'few-shot',
    })
  })

  test('is the same for the same seed, and a candidate more does not move the others', () => {
    expect(sampleEvaluation(48, 200)).toEqual(evaluation)
    const answers = evaluation.candidates.map(({ id, title, description, rows }) => ({
      id,
      title,
      description,
      answers: rows.map(({ read: _read, unreadable: _unreadable, correct: _correct, ...answer }) => answer),
    }))
    const fewer = createEvaluation({ ...evaluation, candidates: answers.slice(1), challenger: 'tuned' })
    expect(fewer.candidates).toEqual(evaluation.candidates.slice(1))
    expect(fewer.comparisons.map(unadjusted)).toEqual(evaluation.comparisons.slice(1).map(unadjusted))
  })
})
