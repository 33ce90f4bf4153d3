import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readForeignAnswers } from './foreign-answers.ts'

const folder = await mkdtemp(join(tmpdir(), 'hone-foreign-'))
async function fileOf(text: string): Promise<string> {
  const file = join(folder, `${Math.random()}.json`)
  await writeFile(file, text)
  return file
}

test('a JSON line for each answer', async () => {
  const file = await fileOf(
    '{"id":"a:1","candidate":"gpt","answer":"red","promptTokens":3,"latencyMs":1.5}\n\n{"input":"what?","answer":""}\n',
  )
  expect(await readForeignAnswers(file)).toEqual([
    { line: 1, id: 'a:1', candidate: 'gpt', answer: 'red', promptTokens: 3, latencyMs: 1.5, inputs: [] },
    { line: 3, answer: '', inputs: ['what?'] },
  ])
})

test.each([
  ['{"id":"a","answer":"b"}\n{"id":"a"', 'not JSON', 2],
  ['{"answer":"b"}', 'an id or an input is missing', 1],
  ['{"id":"a","answer":3}', 'answer: ', 1],
  ['{"id":"a","answer":"b","tokens":3}', 'tokens', 1],
  ['[]', 'no answer', 1],
])('%j: %s', async (text, message, line) => {
  await expect(readForeignAnswers(await fileOf(text))).rejects.toMatchObject({
    code: 'E_DATA',
    message: expect.stringContaining(message) as string,
    at: { line },
  })
})

test('a file without answers, and none', async () => {
  await expect(readForeignAnswers(await fileOf('\n'))).rejects.toMatchObject({ code: 'E_DATA_EMPTY' })
  await expect(readForeignAnswers(join(folder, 'none'))).rejects.toMatchObject({ code: 'E_DATA' })
})

test('the JSON of promptfoo: variables, provider, tokens, cached and failed answers', async () => {
  const result = {
    vars: { note: 'what is red?', id: 'x:1' },
    provider: { id: 'openai:gpt-4o-mini', label: '' },
    promptIdx: 0,
    latencyMs: 210,
    response: { output: 'red', tokenUsage: { prompt: 9, completion: 1 } },
  }
  const file = await fileOf(
    JSON.stringify({
      evalId: 'eval-1',
      results: {
        version: 3,
        results: [
          result,
          { ...result, promptIdx: 1, response: { output: { a: 1 }, cached: true } },
          { ...result, provider: 'echo', response: null, error: 'timed out' },
        ],
      },
    }),
  )
  expect(await readForeignAnswers(file)).toMatchObject([
    { id: 'x:1', inputs: ['what is red?', 'x:1'], answer: 'red', promptTokens: 9, latencyMs: 210 },
    { candidate: expect.stringMatching(/prompt-2$/) as string, answer: '{"a":1}' },
    { candidate: 'echo-prompt-1', answer: '', failed: 'timed out' },
  ])
})
