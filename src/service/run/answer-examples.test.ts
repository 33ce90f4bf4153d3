import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ChatModel } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { answerExamples } from './answer-examples.ts'

/** Answers with the question in capitals, and notes what was asked when, and how many at once. */
function echo(concurrency: number): ChatModel & { asked: string[]; mostAtOnce: number } {
  let open = 0
  return {
    id: 'echo',
    concurrency,
    asked: [],
    mostAtOnce: 0,
    async *chat({ messages }) {
      const text = messages[0]?.content ?? ''
      this.asked.push(text)
      open += 1
      this.mostAtOnce = Math.max(this.mostAtOnce, open)
      await nextTurn()
      open -= 1
      yield { type: 'text-delta', text: text.toUpperCase() }
      yield { type: 'finish', reason: 'stop', usage: { promptTokens: text.length, completionTokens: 1 } }
    },
    scoreLabels: () => Promise.reject(new Error('not asked for')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

const texts = ['dddd', 'a', 'ccc', 'bb', 'eeeee', 'zzzzzz', 'y', 'xxx', 'ww', 'vvvvv', 'u']
const questions = texts.map((content, index) => ({
  exampleId: `${index}`,
  messages: [{ role: 'user' as const, content }],
}))

test('answers come in the order of the questions, whatever the order they are asked in', async () => {
  const progress: number[] = []
  const answers = await answerExamples(echo(3), questions, {
    maxTokens: 1,
    onProgress: (done) => progress.push(done),
  })
  expect(answers.map(({ exampleId, answer }) => [exampleId, answer])).toEqual(
    texts.map((text, index) => [`${index}`, text.toUpperCase()]),
  )
  expect(progress).toEqual(texts.map((_, index) => index + 1))
})

test('the first five are asked alone, for their latency, and the rest together by length', async () => {
  const model = echo(3)
  const answers = await answerExamples(model, questions, { maxTokens: 1 })
  expect(answers.map(({ latencyMs }) => latencyMs !== undefined)).toEqual(texts.map((_, index) => index < 5))
  expect(model.asked).toEqual([...texts.slice(0, 5), 'y', 'u', 'ww', 'xxx', 'vvvvv', 'zzzzzz'])
  expect(model.mostAtOnce).toBe(3)
})

test('the time to the first token is that of questions asked alone', async () => {
  const answers = await answerExamples(echo(3), questions, { maxTokens: 1 })
  for (const { latencyMs, firstTokenMs } of answers.slice(0, 5)) {
    expect(firstTokenMs).toBeGreaterThanOrEqual(0)
    expect(firstTokenMs).toBeLessThanOrEqual(latencyMs ?? 0)
  }
  expect(answers.slice(5).filter(({ firstTokenMs }) => firstTokenMs !== undefined)).toEqual([])
})

test('labels are scored after each answer where that is asked for', async () => {
  const asked: string[] = []
  const model: ChatModel = {
    ...echo(2),
    scoreLabels: (messages, labels) => {
      asked.push(messages[0]?.content ?? '')
      return Promise.resolve(labels.map((label) => ({ label, logProbability: -1, probability: 0.5 })))
    },
  }
  const answers = await answerExamples(model, questions, { maxTokens: 1, labels: ['x', 'y'] })
  expect(asked.toSorted()).toEqual(texts.toSorted())
  expect(answers.every(({ labelScores }) => labelScores?.length === 2)).toBe(true)
})

/** Refuses the questions of which the text is among these. */
function refusing(hard: readonly string[], isAlive?: () => boolean): ChatModel {
  const model = echo(3)
  return {
    ...model,
    get isAlive() {
      return isAlive?.() ?? true
    },
    chat(request, wait) {
      if (!hard.includes(request.messages[0]?.content ?? '')) return model.chat(request, wait)
      throw new HoneError('E_DATA_TOO_LONG', 'the prompt has 9,000 tokens, the model holds 8,192')
    },
  }
}

test('a question that fails is recorded with its reason, and ends nothing', async () => {
  const kept: string[] = []
  const whole = await answerExamples(refusing(['a', 'ww']), questions, {
    maxTokens: 1,
    onAnswer: async (index, { answer }) => {
      kept[index] = answer
    },
  })
  expect(whole.map(({ failed }) => failed?.code)).toEqual(
    texts.map((text) => (['a', 'ww'].includes(text) ? 'E_DATA_TOO_LONG' : undefined)),
  )
  expect(kept).toEqual(whole.map(({ answer }) => answer))
  expect(whole[1]).toMatchObject({ answer: '', promptTokens: 0, completionTokens: 0 })
})

test('where nothing is answered, the first reason is the error', async () => {
  await expect(answerExamples(refusing(texts), questions, { maxTokens: 1 })).rejects.toMatchObject({
    code: 'E_DATA_TOO_LONG',
  })
})

test('a model that will never answer again ends the run', async () => {
  let asked = 0
  const dying = refusing(['ww'], () => asked < 1)
  const answers = answerExamples(dying, questions, {
    maxTokens: 1,
    onProgress: () => {
      asked++
    },
  })
  await expect(answers).rejects.toMatchObject({ code: 'E_DATA_TOO_LONG' })
})

test('an answer that cannot be kept ends the run', async () => {
  const answers = answerExamples(echo(3), questions, {
    maxTokens: 1,
    onAnswer: () => Promise.reject(new HoneError('E_DISK', 'the disk is full')),
  })
  await expect(answers).rejects.toMatchObject({ code: 'E_DISK' })
})
