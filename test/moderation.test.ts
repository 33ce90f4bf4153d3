import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config/read-config.ts'
import { checkFile } from '../src/data/check/check-file.ts'
import { mostCommonSequence, wordsOf } from './testing/most-common-sequence.ts'
import { exampleFile, exampleRecords, generated } from './testing/read-example.ts'

const example = 'moderation'
const read = (name: string): string => exampleFile(example, name)
const records = exampleRecords(example)
const countOf = (label: string): number => records.filter(({ answer }) => answer === label).length

describe('examples/moderation', () => {
  test('the generator writes exactly the committed file', async () => {
    expect((await generated(example)) === read('data.jsonl')).toBe(true)
  })

  test('labels of the configuration, of the prompt, of the README and of the data are the same, none is rare', async () => {
    const { task } = await readConfig(join('examples', example))
    const labels = task.kind === 'labels' ? (task.labels ?? []) : []
    expect([...read('prompt.txt').matchAll(/^([A-Z_]+): [a-z]/gm)].map((match) => match[1])).toEqual(labels)
    expect(records.filter(({ answer }) => !labels.includes(answer))).toEqual([])
    expect(labels.filter((label) => countOf(label) < 0.15 * records.length)).toEqual([])
    const told = [...read('README.md').matchAll(/^\| ([A-Z_]+) +\| +(\d+) \|/gm)]
    expect(Object.fromEntries(told.map((match) => [match[1], Number(match[2])]))).toEqual(
      Object.fromEntries(labels.map((label) => [label, countOf(label)])),
    )
  })

  test('every record has the system prompt of the example, and the README shows one', () => {
    expect(records.length).toBeGreaterThanOrEqual(400)
    expect(records.filter(({ system }) => system !== read('system.txt').trim())).toEqual([])
    const [, user, answer] = /^user +(.+)\nassistant +(.+)$/m.exec(read('README.md')) ?? []
    expect(records.map((record) => [record.user, record.answer])).toContainEqual([user, answer])
    expect(read('README.md')).toContain(`${records.length} records`)
  })

  test('no template shows', () => {
    const posts = records.map(({ user }) => user)
    expect(mostCommonSequence(posts, 5).share).toBeLessThan(0.02)
    expect(
      new Set(posts.flatMap((post) => wordsOf(post).filter((word) => !/\d/.test(word)))).size,
    ).toBeGreaterThan(1_200)
  })

  test('the check finds the two planted copies, each with another label, and nothing else', async () => {
    const { problems } = await checkFile(join('examples', example, 'data.jsonl'))
    expect(problems.byRule).toEqual({ 'duplicate/contradictory': 2 })
  })

  test('names of firms and numbers can be nobody’s', () => {
    const text = records.map(({ user }) => user.toLowerCase()).join('\n')
    const addresses = text.match(/(?:www\.|https?:\/\/)\S+/g) ?? []
    expect(addresses.length).toBeGreaterThan(50)
    expect(addresses.filter((address) => !/\.example(?:[/,.]|$)/.test(address))).toEqual([])
  })
})
