import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contentHash, datasetHash } from './content-hash.ts'
import { exampleAt } from './testing/examples.ts'

const message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })
const golden = z
  .object({
    conversations: z.array(z.array(message)).min(3),
    hashes: z.array(z.string()),
    datasetWithFirstTwice: z.string(),
  })
  .parse(JSON.parse(readFileSync(new URL('./fixtures/content-hashes.json', import.meta.url), 'utf8')))
const examples = golden.conversations.map((messages, at) => ({ id: `golden:${at}`, messages }))

describe('content hashes', () => {
  test("equal those of Python's json and hashlib", () => {
    expect(examples.map(contentHash)).toEqual(golden.hashes)
  })

  test('of a dataset do not depend on the order, but on how often an example occurs', () => {
    const [first, second, third] = examples
    if (!first || !second || !third) throw new Error('the fixture has too few conversations')
    expect(datasetHash([third, first, second, first])).toBe(golden.datasetWithFirstTwice)
    expect(datasetHash([first, third, first, second])).toBe(golden.datasetWithFirstTwice)
    expect(datasetHash([third, first, second])).not.toBe(golden.datasetWithFirstTwice)
  })

  test('another picture, or another argument of a call, is other content', () => {
    const user = { role: 'user', content: 'q' } as const
    const shown = (uri: string): string =>
      contentHash({
        id: 'x',
        messages: [{ ...user, parts: [{ type: 'media', mediaType: 'image/png', uri }] }],
      })
    const called = (at: number): string => {
      const toolCalls = [{ id: 'c', name: 'f', arguments: { at } }]
      return contentHash({ id: 'x', messages: [user, { role: 'assistant', content: '', toolCalls }] })
    }
    expect(new Set([shown('s3://b/1.png'), shown('s3://b/2.png'), called(1), called(2)]).size).toBe(4)
    expect(shown('s3://b/1.png')).toBe(shown('s3://b/1.png'))
  })

  test('the id and the place do not count, every part of a message does', () => {
    const hash = contentHash(exampleAt(1, 'q', 'a', 's'))
    expect(contentHash(exampleAt(9, 'q', 'a', 's'))).toBe(hash)
    const others = [exampleAt(1, 'q', 'a'), exampleAt(1, 'Q', 'a', 's'), exampleAt(1, 'q', 'a ', 's')]
    expect(new Set([hash, ...others.map(contentHash)]).size).toBe(4)
  })
})
