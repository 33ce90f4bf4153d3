import { describe, expect, test } from 'vitest'
import { readChoice, toCurl, toRequest } from './train-choice.ts'

const batch = { schema: { type: 'integer', minimum: 1, maximum: 4096 } }

describe('a plan in the address', () => {
  const infos = [
    { name: 'batchSize', ...batch },
    { name: 'preference.beta', schema: { type: 'number', exclusiveMinimum: 0 } },
  ]

  test('is the request that it says', () => {
    const choice = readChoice('?dataset=x%401&base=b&name=mine&batchSize=4&preference.beta=0.2&odd=1', infos)
    expect(toRequest(choice, infos)).toEqual({
      body: {
        dataset: 'x@1',
        base: 'b',
        name: 'mine',
        settings: { batchSize: 4, preference: { beta: 0.2 } },
      },
      problems: {},
    })
  })

  test('what cannot be is said beside its field and not sent', () => {
    const { body, problems } = toRequest(
      readChoice('?dataset=x&from=m&base=b&batchSize=0&name=Ä', infos),
      infos,
    )
    expect(body).toEqual({ dataset: 'x', from: 'm', settings: {} })
    expect(Object.keys(problems)).toEqual(['batchSize', 'name'])
  })

  test('a quote in it stays one in a shell', () => {
    expect(toCurl('http://h', '/api/train', { system: "it's" })).toContain(String.raw`{"system":"it'\''s"}`)
  })
})
