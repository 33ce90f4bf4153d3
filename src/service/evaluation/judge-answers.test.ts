import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JudgeConfig } from '../../config/judge-schema.ts'
import type { ChatModel } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { CandidateAnswers } from '../../evaluate/read-candidate.ts'
import { judgeAnswers } from './judge-answers.ts'

let folder = ''
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hone-judge-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

interface Case {
  readonly input: string
  readonly expected?: string
  readonly answer?: string
  readonly first?: string
  readonly second?: string
}

/** Replies to each case as `reply` says, and notes them. */
function judgeModel(reply: (asked: Case) => string, seen: Case[]): ChatModel {
  return {
    id: 'wise',
    concurrency: 3,
    async *chat({ messages }) {
      const asked = JSON.parse(messages.at(-1)!.content) as Case
      seen.push(asked)
      await Promise.resolve()
      yield { type: 'text-delta', text: reply(asked) }
      yield { type: 'finish', reason: 'stop', usage: { promptTokens: 9, completionTokens: 3 } }
    },
    scoreLabels: () => Promise.reject(new Error('not asked for')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** Longer is better: one point for each letter. */
const byLength = ({ answer = '', first = '', second = '' }: Case): string =>
  answer !== ''
    ? `{"reason": "its length", "score": ${Math.min(5, answer.length)}}`
    : `{"better": "${first.length > second.length ? 'first' : first.length < second.length ? 'second' : 'tie'}"}`

/** As `byLength`, but it chats about one answer and does not reply to another. */
function moody(asked: Case): string {
  if (asked.answer === 'ab') return 'Good question!'
  if (asked.answer === 'abc') throw new HoneError('E_PROVIDER', 'gone')
  return byLength(asked)
}

const rows = ['q1', 'q2', 'q3', 'q4'].map((input, at) => ({ id: `${at}`, input, expected: 'e' }))

const candidate = (id: string, answers: readonly (string | undefined)[]): CandidateAnswers => ({
  id,
  description: id,
  answers: answers.map((answer, at) => ({
    exampleId: `${at}`,
    answer: answer ?? '',
    promptTokens: 1,
    completionTokens: 1,
    ...(answer === undefined ? { failed: { code: 'E_PROVIDER', message: 'gone' } } : {}),
  })),
})

const config = (over: Partial<JudgeConfig<string>> = {}): JudgeConfig<string> => ({
  model: 'base',
  rubric: 'Longer is better.',
  scale: 5,
  showExpected: true,
  leastAgreement: 0.4,
  trusted: false,
  maxTokens: 64,
  ...over,
})

async function judged(
  reply: (asked: Case) => string,
  candidates: readonly CandidateAnswers[],
  over: Partial<JudgeConfig<string>> = {},
) {
  const seen: Case[] = []
  const lines: string[] = []
  const result = await judgeAnswers(
    {
      config: config(over),
      model: { id: 'wise', folder: '', key: 'wise 1' },
      ask: {
        openModel: () => Promise.resolve(judgeModel(reply, seen)),
        folder,
        onEvent: (event) => {
          if (event.type === 'phase') lines.push(...event.lines)
        },
      },
      seed: 7,
    },
    rows,
    candidates,
  )
  const of = (id: string) =>
    result.candidates.find((each) => each.id === id)!.answers.map(({ judgement }) => judgement!)
  return { ...result, of, seen, lines }
}

describe('scores', () => {
  test('from the worst to the best are 0 to 1; an answer that did not come has the worst and is not shown', async () => {
    const { of, seen, facts } = await judged(byLength, [candidate('base', ['a', 'abc', 'abcde', undefined])])
    expect(of('base').map(({ quality }) => quality)).toEqual([0, 0.5, 1, 0])
    expect(of('base')[1]).toEqual({ score: 3, quality: 0.5, reason: 'its length' })
    expect(seen).toHaveLength(3)
    expect(seen[0]).toEqual({ input: 'q1', expected: 'e', answer: 'a' })
    expect(facts).toMatchObject({ model: 'wise', judged: 4, failed: 0, order: null, preferences: null })
  })

  test('replies are kept: the next run asks only what is new', async () => {
    await judged(byLength, [candidate('base', ['a', 'ab', 'abc', 'abcd'])])
    const { seen, of } = await judged(byLength, [candidate('base', ['a', 'ab', 'abc', 'new'])])
    expect(seen.map(({ answer }) => answer)).toEqual(['new'])
    expect(of('base').map(({ score }) => score)).toEqual([1, 2, 3, 3])
    // Another rubric is another question.
    const other = await judged(byLength, [candidate('base', ['a', 'ab', 'abc', 'new'])], { rubric: 'Other.' })
    expect(other.seen).toHaveLength(4)
  })

  test('a reply without a score is no score, and ends nothing', async () => {
    const { of, facts } = await judged(moody, [candidate('base', ['a', 'ab', 'abc', 'abcd'])])
    expect(of('base')).toEqual([
      expect.objectContaining({ quality: 0 }),
      { failed: 'no score in the reply of the judge' },
      { failed: 'the judge did not reply' },
      expect.objectContaining({ score: 4 }),
    ])
    expect(facts).toMatchObject({ judged: 2, failed: 2 })
  })

  test('the expected answer may be kept from it', async () => {
    const { seen } = await judged(byLength, [candidate('base', ['a', 'b', 'c', 'd'])], {
      showExpected: false,
    })
    expect(seen[0]).toEqual({ input: 'q1', answer: 'a' })
  })
})

describe('preferences', () => {
  const both = [
    candidate('base', ['abc', 'abc', 'abc', 'abc']),
    candidate('tuned', ['abcd', 'ab', 'xyz', 'abc']),
  ]

  test('count where both orders agree; the baseline against itself is even, and so are equal answers', async () => {
    const { of, seen, facts, lines } = await judged(byLength, both, { against: 'base' })
    expect(of('tuned').map(({ preference }) => preference)).toEqual([1, 0, 0.5, 0.5])
    expect(of('base').map(({ preference }) => preference)).toEqual([0.5, 0.5, 0.5, 0.5])
    expect(
      seen.filter(({ first }) => first !== undefined).map(({ first, second }) => [first, second]),
    ).toEqual([
      ['abcd', 'abc'],
      ['ab', 'abc'],
      ['xyz', 'abc'],
      ['abc', 'abcd'],
      ['abc', 'ab'],
      ['abc', 'xyz'],
    ])
    expect(facts.order).toEqual({ same: 3, asked: 3 })
    expect(lines).toContain(
      'judge prefers the same in both orders in 3 of 3 comparisons; the others count as ties',
    )
  })

  test('a judge that takes the first whatever it is prefers nothing', async () => {
    const { of, facts } = await judged(() => '{"better": "first", "score": 3}', both, { against: 'base' })
    expect(of('tuned').map(({ preference }) => preference)).toEqual([0.5, 0.5, 0.5, 0.5])
    expect(facts.order).toEqual({ same: 0, asked: 3 })
  })

  test('an answer beats none', async () => {
    const { of } = await judged(
      byLength,
      [
        candidate('base', [undefined, 'a', undefined, 'a']),
        candidate('tuned', ['a', undefined, undefined, 'a']),
      ],
      { against: 'base' },
    )
    expect(of('tuned').map(({ preference }) => preference)).toEqual([1, 0, 0.5, 0.5])
  })

  test('a baseline that was not measured is said', async () => {
    await expect(judged(byLength, both, { against: 'bse' })).rejects.toMatchObject({
      code: 'E_CONFIG',
      hint: 'measured are: base, tuned',
    })
  })
})

const rate = async (lines: readonly object[]): Promise<string> => {
  const file = join(folder, 'ratings.jsonl')
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return file
}
const scores = (count: number, rating: (at: number) => number): object[] =>
  Array.from({ length: count }, (_, at) => ({
    input: `case ${at}`,
    answer: 'x'.repeat((at % 5) + 1),
    rating: rating(at),
  }))

describe('ratings of people', () => {
  const answers = [candidate('base', ['a', 'ab', 'abc', 'abcd'])]

  test('show how far the judge agrees with them, before it judges', async () => {
    const ratings = await rate(scores(30, (at) => (at === 0 ? 2 : (at % 5) + 1)))
    const { facts, seen, lines } = await judged(byLength, answers, { ratings })
    expect(seen.slice(0, 30).every(({ input }) => input.startsWith('case'))).toBe(true)
    expect(facts.scores).toMatchObject({ standing: 'verified', agreement: { cases: 30, unread: 0 } })
    expect(lines.at(-1)).toMatch(
      /^judge's scores verified: kappa 0\.99 with people on 30 cases \(97 % the same, kappa 0\.99 \(0\.\d\d to 1\.00\), Spearman 0\.99 \(.*\)\)$/,
    )
  })

  test('one that disagrees, and one without ratings, are told apart', async () => {
    const ratings = await rate(scores(30, (at) => 5 - (at % 5)))
    expect((await judged(byLength, answers, { ratings })).facts.scores.standing).toBe('disagrees')
    const { facts, lines } = await judged(byLength, answers)
    expect(facts.scores).toEqual({
      standing: 'unverified',
      why: 'no ratings of people to compare it with',
      agreement: null,
    })
    expect(lines.at(-1)).toBe(
      "judge's scores unverified: no ratings of people to compare it with; no rule may rest on it, name some as judge.ratings",
    )
  })

  test('preferences have ratings of their own', async () => {
    const ratings = await rate(
      Array.from({ length: 24 }, (_, at) => ({
        input: `case ${at}`,
        first: 'x'.repeat((at % 3) + 1),
        second: 'xx',
        preferred: ['second', 'tie', 'first'][at % 3],
      })),
    )
    const { facts } = await judged(byLength, [...answers, candidate('tuned', ['a', 'b', 'c', 'd'])], {
      ratings,
      against: 'base',
    })
    expect(facts.scores.standing).toBe('unverified')
    expect(facts.preferences).toMatchObject({ standing: 'verified', agreement: { same: 1, spearman: null } })
  })

  test.each([
    ['{"input": "x", "answer": "y"}', 'this is no rating'],
    ['{"input": "x", "answer": "y", "rating": 6}', 'the rating 6 is no whole number from 1 to 5'],
    ['nonsense', 'this line of ratings is not JSON'],
  ])('a line that is none is refused with its place: %s', async (line, message) => {
    const file = join(folder, 'bad.jsonl')
    await writeFile(file, `{"input": "x", "answer": "y", "rating": 2}\n${line}\n`)
    await expect(judged(byLength, answers, { ratings: file })).rejects.toMatchObject({
      code: 'E_DATA',
      message,
      at: { file, line: 2 },
    })
  })
})
