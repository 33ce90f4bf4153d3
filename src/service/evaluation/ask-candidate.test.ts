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

test('answers that are computed otherwise are other answers', async () => {
  await ask([])
  const rounded: string[] = []
  await ask(rounded, { arithmetic: 'int8' })
  expect(rounded.toSorted()).toEqual(texts.toSorted())
  const again: string[] = []
  await ask(again, { arithmetic: 'int8' })
  await ask(again, { arithmetic: 'exact' })
  expect(again).toEqual([])
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

test('repeats have the seeds that follow, are kept apart, and go on where they were', async () => {
  const asked: string[] = []
  const seeds: (number | undefined)[] = []
  const model = { id: 'tiny', folder: '', key: 'weights' }
  const drawn = (stopAfter = Infinity): ChatModel => ({
    ...shouting(asked),
    async *chat({ messages, seed }) {
      if (seeds.length >= stopAfter) throw new HoneError('E_INTERNAL', 'stopped')
      seeds.push(seed)
      yield { type: 'text-delta', text: `${messages[0]?.content} ${seed}` }
      yield { type: 'finish', reason: 'stop', usage: { promptTokens: 3, completionTokens: 1 } }
    },
  })
  const lines: string[] = []
  const run = async (chat: ChatModel): Promise<AskedCandidate> =>
    askCandidate(candidate({ settings: { maxTokens: 8, temperature: 1, seed: 5 }, repeats: 3 }), model, {
      openModel: () => Promise.resolve(chat),
      folder,
      onEvent: (event) => {
        if (event.type === 'phase') lines.push(...event.lines)
      },
    })
  const cut = await run(drawn(10))
  expect(cut.answers.flatMap(({ repeats = [] }) => repeats.filter((each) => each.failed)).length).toBe(11)
  seeds.length = 0
  const { answers, reused, asked: now } = await run(drawn())
  expect(seeds.toSorted((a = 0, b = 0) => a - b)).toEqual([
    ...Array.from({ length: 4 }, () => 6),
    ...Array.from({ length: 7 }, () => 7),
  ])
  expect([reused, now]).toEqual([0, 11])
  expect(answers.map(({ answer, repeats }) => [answer, ...repeats!.map((each) => each.answer)])).toEqual(
    texts.map((text) => [`${text} 5`, `${text} 6`, `${text} 7`]),
  )
  seeds.length = 0
  expect(await run(drawn())).toMatchObject({ reused: 7, asked: 0, answers })
  expect(seeds).toEqual([])
  expect(lines.at(-1)).toBe('base: 21 of 21, 3 answers to each of 7 rows, reused from an earlier run')
  // A candidate that asks once has the first of them.
  const { answers: once } = await ask([], { settings: { maxTokens: 8, temperature: 1, seed: 5 } })
  expect(once.map(({ answer }) => answer)).toEqual(texts.map((text) => `${text} 5`))
})

test('a question that failed before and fails again ends no run', async () => {
  await ask([], {}, ['three'])
  const again: string[] = []
  const { answers } = await ask(again, {}, ['three'])
  expect(again).toEqual(['three'])
  expect(answers.filter(({ failed }) => failed !== undefined)).toHaveLength(1)
})

test('what failed for a reason that may pass is asked again as often as the candidate says', async () => {
  let failures = 0
  const tries: string[] = []
  const shaky = (): ChatModel => ({
    ...shouting([]),
    async *chat({ messages }) {
      const text = messages[0]?.content ?? ''
      tries.push(text)
      if (text === 'four') throw new HoneError('E_DATA_TOO_LONG', 'too long')
      if (text === 'two' && failures++ < 2) throw new HoneError('E_PROVIDER', 'not now')
      yield { type: 'text-delta', text: text.toUpperCase() }
      yield { type: 'finish', reason: 'stop', usage: { promptTokens: 3, completionTokens: 1 } }
    },
  })
  const { answers } = await askCandidate(
    candidate({ retries: 2 }),
    { id: 'tiny', folder: '', key: 'weights' },
    { openModel: () => Promise.resolve(shaky()), folder, retryMilliseconds: 1 },
  )
  expect(tries.filter((text) => text === 'two')).toHaveLength(3)
  // A question that is too long stays too long.
  expect(tries.filter((text) => text === 'four')).toHaveLength(1)
  expect(answers.map(({ failed }) => failed?.code)).toEqual(
    texts.map((text) => (text === 'four' ? 'E_DATA_TOO_LONG' : undefined)),
  )
})

/** A model whose process dies on some questions, and takes with it what is under way. */
function mortal(deadly: readonly string[], opened: string[]): () => Promise<ChatModel> {
  return () => {
    opened.push('open')
    let isAlive = true
    return Promise.resolve({
      ...shouting([]),
      get isAlive() {
        return isAlive
      },
      async *chat({ messages }) {
        const text = messages[0]?.content ?? ''
        for (let turn = 0; turn < 3; turn++) await Promise.resolve()
        if (deadly.includes(text)) isAlive = false
        if (!isAlive) throw new HoneError('E_WORKER', 'the process died')
        yield { type: 'text-delta', text: text.toUpperCase() }
        yield { type: 'finish', reason: 'stop', usage: { promptTokens: 3, completionTokens: 1 } }
      },
    } satisfies ChatModel)
  }
}

test.each([[['two']], [['six']], [['one', 'seven']], [['five', 'six']]])(
  'questions that end the process, %j, are failed answers; the others are answered',
  async (deadly) => {
    const opened: string[] = []
    const { answers } = await askCandidate(
      candidate(),
      { id: 'tiny', folder: '', key: 'weights' },
      { openModel: mortal(deadly, opened), folder },
    )
    expect(answers.map(({ answer, failed }) => failed?.code ?? answer)).toEqual(
      texts.map((text) => (deadly.includes(text) ? 'E_WORKER' : text.toUpperCase())),
    )
    expect(opened.length).toBeGreaterThan(1)
  },
)

test('a process that dies whatever it is asked ends the run', async () => {
  const opened: string[] = []
  const asked = askCandidate(
    candidate(),
    { id: 'tiny', folder: '', key: 'weights' },
    { openModel: mortal(texts, opened), folder },
  )
  await expect(asked).rejects.toMatchObject({ code: 'E_WORKER' })
  expect(opened.length).toBeLessThan(10)
})
