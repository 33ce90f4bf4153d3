import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChatModel } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { RunCandidate } from '../run/run-candidates.ts'
import { askCandidate, type AskedCandidate } from './ask-candidate.ts'

let folder = ''
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hone-ask-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Answers in capitals, and notes what was asked. What is among `hard` it cannot answer. */
function shouting(asked: string[], hard: readonly string[] = []): ChatModel {
  return {
    id: 'shouting',
    concurrency: 2,
    async *chat({ messages }) {
      const text = messages.at(-1)?.content ?? ''
      asked.push(text)
      await Promise.resolve()
      if (hard.includes(text)) throw new HoneError('E_DATA_TOO_LONG', 'too long')
      yield { type: 'text-delta', text: text.toUpperCase() }
      yield { type: 'finish', reason: 'stop', usage: { promptTokens: 3, completionTokens: 1 } }
    },
    scoreLabels: () => Promise.reject(new Error('not asked for')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

const texts = ['one', 'two', 'three', 'four', 'five', 'six', 'seven']
const candidate = (over: Partial<RunCandidate> = {}): RunCandidate => ({
  id: 'base',
  title: 'base',
  description: 'base, greedy',
  model: 'base',
  settings: { maxTokens: 8 },
  questions: texts.map((content, at) => ({ exampleId: `row ${at}`, messages: [{ role: 'user', content }] })),
  ...over,
})

async function ask(
  asked: string[],
  over: Partial<RunCandidate> = {},
  hard: readonly string[] = [],
  lines: string[] = [],
): Promise<AskedCandidate> {
  const model = { id: 'tiny', folder: '', key: 'weights' }
  return askCandidate(candidate(over), model, {
    openModel: () => Promise.resolve(shouting(asked, hard)),
    folder,
    onEvent: (event) => {
      if (event.type === 'phase') lines.push(...event.lines)
    },
  })
}

const answerFile = async (): Promise<string> => {
  const names = await readdir(join(folder, 'answers'))
  expect(names).toHaveLength(1)
  return join(folder, 'answers', names[0]!)
}

test('answers are lines of a file, and are not asked for again', async () => {
  const [first, second]: string[][] = [[], []]
  const lines: string[] = []
  const before = await ask(first!, {}, [], lines)
  expect(before.answers.map(({ answer }) => answer)).toEqual(texts.map((text) => text.toUpperCase()))
  const kept = (await readFile(await answerFile(), 'utf8')).trimEnd().split('\n')
  expect(JSON.parse(kept[0]!)).toEqual({ schema: 1, kind: 'answers', model: 'weights', maxTokens: 8 })
  expect(kept).toHaveLength(1 + texts.length)
  const after = await ask(second!, { id: 'other name', title: 'other name' }, [], lines)
  expect(second).toEqual([])
  expect(after.answers).toEqual(before.answers)
  expect(lines).toEqual(['base: 7 of 7', 'other name: 7 of 7, reused from an earlier run'])
})

test('another setting or another question is asked; the same question in another row is not', async () => {
  await ask([])
  const warm: string[] = []
  await ask(warm, { settings: { maxTokens: 8, temperature: 0.5 } })
  expect(warm.toSorted()).toEqual(texts.toSorted())
  const more: string[] = []
  const questions = ['seven', 'eight'].map((content, at) => ({
    exampleId: `new ${at}`,
    messages: [{ role: 'user' as const, content }],
  }))
  const { answers, reused } = await ask(more, { questions })
  expect(more).toEqual(['eight'])
  expect(reused).toBe(1)
  expect(answers.map(({ exampleId, answer }) => [exampleId, answer])).toEqual([
    ['new 0', 'SEVEN'],
    ['new 1', 'EIGHT'],
  ])
})

test('what a killed process left of a line is passed over, wherever it was cut', async () => {
  const whole = await ask([])
  const file = await answerFile()
  const bytes = await readFile(file)
  const cuts = Array.from({ length: 12 }, (_, at) => Math.floor((bytes.length * at) / 12))
  for (const cut of cuts) {
    await writeFile(file, bytes)
    await truncate(file, cut)
    const again: string[] = []
    expect((await ask(again)).answers.map(({ answer }) => answer)).toEqual(
      whole.answers.map(({ answer }) => answer),
    )
    const left = bytes.subarray(0, cut).toString().split('\n').slice(1, -1).length
    // A line that lacks only its end is whole.
    expect([texts.length - left, texts.length - left - 1]).toContain(again.length)
    const last: string[] = []
    await ask(last)
    expect(last).toEqual([])
  }
})

test('lines that are no answers are passed over', async () => {
  await ask([])
  await appendFile(await answerFile(), '{"question": 1}\nnonsense\n\n{"question":"x","answer":"y"}\n')
  const again: string[] = []
  await ask(again)
  expect(again).toEqual([])
})

test('a question that failed is on record, and is asked again', async () => {
  const lines: string[] = []
  const before = await ask([], {}, ['three'], lines)
  expect(before.answers[2]).toMatchObject({ failed: { code: 'E_DATA_TOO_LONG' }, answer: '' })
  expect(lines).toEqual(['base: 6 of 7, 1 failed, the first with E_DATA_TOO_LONG: too long'])
  expect(await readFile(await answerFile(), 'utf8')).toContain('"failed":{"code":"E_DATA_TOO_LONG"')
  const again: string[] = []
  const after = await ask(again)
  expect(again).toEqual(['three'])
  expect(after.answers[2]).toMatchObject({ answer: 'THREE' })
})
