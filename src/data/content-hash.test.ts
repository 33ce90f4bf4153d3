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

  test('the id and the place do not count, every part of a message does', () => {
    const hash = contentHash(exampleAt(1, 'q', 'a', 's'))
    expect(contentHash(exampleAt(9, 'q', 'a', 's'))).toBe(hash)
    const others = [exampleAt(1, 'q', 'a'), exampleAt(1, 'Q', 'a', 's'), exampleAt(1, 'q', 'a ', 's')]
    expect(new Set([hash, ...others.map(contentHash)]).size).toBe(4)
  })
})
