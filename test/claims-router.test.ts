import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { mostCommonSequence, wordsOf } from './testing/most-common-sequence.ts'

const folder = join('examples', 'claims-router')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')

const recordSchema = z.strictObject({
  messages: z.tuple([
    z.strictObject({ role: z.literal('system'), content: z.string().min(1) }),
    z.strictObject({ role: z.literal('user'), content: z.string().min(1) }),
    z.strictObject({ role: z.literal('assistant'), content: z.string().min(1) }),
  ]),
})
const configSchema = z.object({ task: z.object({ field: z.string(), labels: z.array(z.string()) }) })

const records = read('data.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => recordSchema.parse(JSON.parse(line)).messages)
  .map(([system, user, assistant]) => ({
    system: system.content,
    user: user.content,
    route:
      /^ROUTE: ([A-Z_]+)\nRATIONALE: .+$/.exec(assistant.content)?.[1] ?? `unreadable: ${assistant.content}`,
    rationale: assistant.content.split('\nRATIONALE: ')[1] ?? '',
  }))
const { labels } = configSchema.parse(parse(read('hone.yaml'))).task

describe('examples/claims-router', () => {
  test('the generator writes exactly the committed file', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'generate.mjs'), '-'], {
      maxBuffer: 16 * 1024 * 1024,
    })
    expect(stdout === read('data.jsonl')).toBe(true)
  })

  test('every record has the system prompt of the example and an answer of the agreed form', () => {
    expect(records.length).toBeGreaterThanOrEqual(640)
    for (const { system, route, rationale } of records) {
      expect(system).toBe(read('system.txt').trim())
      expect(labels).toContain(route)
      expect(rationale).toMatch(/\.$/)
      expect(wordsOf(rationale).length).toBeLessThanOrEqual(20)
    }
  })

  test('the routes of the configuration, of the prompt and of the data are the same, none rarer than 5 %', () => {
    const explained = [...read('prompt.txt').matchAll(/^([A-Z_]+): [a-z]/gm)].map((match) => match[1])
    expect(explained).toEqual(labels)
    const rare = labels.filter(
      (label) => records.filter(({ route }) => route === label).length < 0.05 * records.length,
    )
    expect(rare).toEqual([])
  })

  test('the README shows a record of the data and counts the records of each route', () => {
    const [, shown = ''] = /^user ([^`]+?)^assistant/m.exec(read('README.md')) ?? []
    expect(records.map(({ user }) => user)).toContain(shown.trim().replaceAll(/\s+/g, ' '))

    const told = [...read('README.md').matchAll(/^\| ([A-Z_]+) +\| +(\d+) \|/gm)].map((match) => [
      match[1],
      Number(match[2]),
    ])
    const counted = labels.map((label) => [label, records.filter(({ route }) => route === label).length])
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(counted))
  })

  test('no template shows', () => {
    const planted = Array.from(
      { length: 50 },
      (_, index) => `${index} I would like to report a ${index} claim`,
    )
    expect(mostCommonSequence(planted, 5)).toEqual({ sequence: 'i would like to report', share: 1 })

    const messages = records.map(({ user }) => user)
    expect(mostCommonSequence(messages, 5).share).toBeLessThan(0.03)
    expect(
      new Set(records.flatMap(({ user }) => wordsOf(user).filter((word) => !/\d/.test(word)))).size,
    ).toBeGreaterThan(1_500)
  })

  test('only the three planted copies repeat a message, each with another route', () => {
    const routesOf = new Map<string, string[]>()
    for (const { user, route } of records) routesOf.set(user, [...(routesOf.get(user) ?? []), route])
    const repeated = [...routesOf.values()].filter((routes) => routes.length > 1)
    expect(repeated).toHaveLength(3)
    for (const routes of repeated) expect(new Set(routes).size).toBe(2)
  })

  test('messages are as long as on a desk, and short enough for a quick run', () => {
    const lengths = records.map(({ user }) => user.split(/\s+/).length).toSorted((a, b) => a - b)
    expect(lengths[0]).toBeGreaterThanOrEqual(8)
    expect(lengths[Math.floor(lengths.length / 2)]).toBeGreaterThan(25)
    expect(lengths.at(-1)).toBeLessThan(90)
  })
})
