import { stat } from 'node:fs/promises'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { findProfile } from '../../profiles/profiles.ts'
import { ruleCases } from '../testing/rule-cases.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { checkFile } from './check-file.ts'

const isLong = process.env['HONE_TEST_LONG'] === '1'

/** Every line that breaks some rule, and such as no one writes. */
const hostile: readonly Buffer[] = [
  ...ruleCases
    .flatMap(({ bad, near }) => [...bad, ...near])
    .map((line) => Buffer.from(typeof line === 'string' ? line : JSON.stringify(line))),
  Buffer.from(''),
  Buffer.from(' \r'),
  Buffer.from([0x22, 0xff, 0xfe, 0x22]),
  Buffer.from('{"messages":'),
  Buffer.from(`${'['.repeat(400)}${']'.repeat(400)}`),
  Buffer.from(JSON.stringify({ unread: 1, question: 'ü', answer: 'é'.repeat(200) })),
  Buffer.from(JSON.stringify({ prompt: 'Why?', completion: 'x'.repeat(70_000) })),
]

const plain = (at: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      system: 'Route it.',
      messages: [
        { role: 'user', content: `message ${at % 900} ${'lorem ipsum '.repeat(at % 60)}` },
        {
          role: 'assistant',
          content: ['billing', 'fraud', 'Billing', 'legal'][at % 7 === 0 ? at % 4 : at % 2],
        },
      ],
    }),
  )

test.each(['bedrock:claude-3-haiku', 'openai:gpt-4o-mini', undefined])(
  'threads find what one finds, in the same order (%s)',
  async (id) => {
    await using folder = await temporaryFolder()
    const profile = id === undefined ? undefined : findProfile(id).profile
    const kinds = fc.array(fc.nat({ max: 2 * hostile.length }), { minLength: 40, maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(kinds, fc.boolean(), async (chosen, isMarked) => {
        // Several batches for each thread, and more findings of a rule than are kept.
        const lines = Array.from({ length: 5_000 }, (_, at) => {
          const kind = chosen[at % chosen.length] ?? 0
          return (at % 3 === 0 ? hostile[kind] : undefined) ?? plain(at)
        })
        const content = Buffer.concat([
          Buffer.from(isMarked ? '\ufeff' : ''),
          ...lines.flatMap((line) => [line, Buffer.from('\n')]),
        ])
        const file = await folder.write('examples.jsonl', content)
        expect((await stat(file)).size).toBeGreaterThan(2 ** 20)
        const alone = await checkFile(file, { profile, threads: 0 })
        for (const threads of [1, 2]) expect(await checkFile(file, { profile, threads })).toEqual(alone)
      }),
      { numRuns: isLong ? 60 : 1, endOnFailure: true },
    )
  },
)

test('stops with the reason of the signal while threads are at work', async () => {
  await using folder = await temporaryFolder()
  const lines = Array.from({ length: 20_000 }, (_, at) => `${plain(at).toString()}\n`)
  const file = await folder.write('examples.jsonl', lines.join(''))
  const stop = new AbortController()
  const reason = new Error('stopped')
  const checking = checkFile(file, { threads: 2, signal: stop.signal, onProgress: () => stop.abort(reason) })
  await expect(checking).rejects.toBe(reason)
})
