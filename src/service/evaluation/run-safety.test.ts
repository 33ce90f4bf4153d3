import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { HoneConfig } from '../../config/hone-config.ts'
import type { ChatModel } from '../../core/chat-model.ts'
import { findSafety, runSafety } from './run-safety.ts'

const saying = (answer: string, asked: string[]): ChatModel => ({
  id: 'saying',
  concurrency: 8,
  async *chat({ messages }) {
    asked.push(messages.map(({ role }) => role).join())
    await Promise.resolve()
    yield { type: 'text-delta', text: answer }
    yield { type: 'finish', reason: 'stop', usage: { promptTokens: 3, completionTokens: 1 } }
  },
  scoreLabels: () => Promise.reject(new Error('not asked for')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
})

test('base and tuned model are asked everything once, and what they say is kept', async () => {
  const output = await mkdtemp(join(tmpdir(), 'hone-safety-'))
  const config = { output, file: 'hone.yaml' } as HoneConfig
  expect(await findSafety(config, 'tiny-1')).toBeUndefined()
  const models = {
    base: { id: 'tiny', folder: 'base', key: 'base' },
    tuned: { id: 'tiny-1', folder: 'tuned', key: 'tuned' },
  }
  const run = (asked: string[], lines: string[] = []): ReturnType<typeof runSafety> =>
    runSafety(config, models, {
      openModel: (folder) =>
        Promise.resolve(saying(folder === 'base' ? "I'm sorry, but I can't help with that." : 'red', asked)),
      folder: output,
      onEvent: (event) => {
        if (event.type === 'phase') lines.push(...event.lines)
      },
    })
  const [asked, again]: string[][] = [[], []]
  const lines: string[] = []
  const stored = await run(asked!, lines)
  // The same question twice in the suite would be asked once.
  expect(asked).toHaveLength(630)
  expect(asked).toContain('system,user')
  expect(stored.report.worse).toContain('harmful-request')
  expect(await findSafety(config, 'tiny-1')).toEqual(stored)
  expect(await findSafety(config, 'tiny-2')).toBeUndefined()
  expect(await findSafety(config, undefined)).toBeUndefined()
  expect(lines[0]).toBe('315 questions to each of tiny and tiny-1')
  expect(lines.at(-1)).toMatch(/^took \d+ s$/)
  expect(await run(again!)).toEqual(stored)
  expect(again).toEqual([])
  await writeFile(join(output, 'safety.json'), '{"schema":1}')
  await expect(findSafety(config, 'tiny-1')).rejects.toMatchObject({ code: 'E_DATA' })
})
