import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { kindGroups } from './detector.ts'
import { detectors } from './detectors.ts'
import { SpanFinder } from './find-spans.ts'
import { measuredOn } from './measured.ts'
import { generatedSentences } from './testing/generated-sentences.ts'
import { countKinds, labelledSet, type KindCounts } from './testing/labelled-sentences.ts'

const finder = new SpanFinder(detectors)
const find = (text: string): string[] =>
  finder.find(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)
const totalOf = (counts: ReadonlyMap<string, KindCounts>): KindCounts =>
  [...counts.values()].reduce((sum, each) => ({
    right: sum.right + each.right,
    missed: sum.missed + each.missed,
    false: sum.false + each.false,
  }))

describe('what is found of labelled sentences', () => {
  test('hand-written ones: never less, and never more that is none', () => {
    const sentences = labelledSet('hand-written')
    expect(sentences.length).toBeGreaterThanOrEqual(350)
    const counts = countKinds(sentences, (text) => finder.find(text))
    const { right, missed, false: wrong } = totalOf(counts)
    expect(right + missed).toBe(261)
    expect(right).toBeGreaterThanOrEqual(248)
    expect(wrong).toBeLessThanOrEqual(3)
    // Only names, phones and cards are ever missed or found wrongly here.
    const imperfect = [...counts].filter(([, count]) => count.missed + count.false > 0).map(([kind]) => kind)
    expect(imperfect.toSorted()).toEqual(['card', 'name', 'phone'])
  })

  test('held-out ones: the numbers that the command shows', () => {
    const sentences = labelledSet('held-out')
    const counts = countKinds(sentences, (text) => finder.find(text))
    expect(sentences.length).toBe(measuredOn.sentences)
    expect(totalOf(counts)).toEqual(measuredOn.total)
    expect(Object.fromEntries(counts)).toEqual(measuredOn.kinds)
  })

  test('generated ones: all, and hardly more', () => {
    const {
      right,
      missed,
      false: wrong,
    } = totalOf(countKinds(generatedSentences(1_000), (text) => finder.find(text)))
    expect(missed).toBe(0)
    expect(right).toBeGreaterThan(500)
    expect(wrong / right).toBeLessThan(0.03)
  })

  test('every kind has a labelled sentence', () => {
    const labelled = new Set(
      labelledSet('hand-written').flatMap(({ spans }) => spans.map(({ kind }) => kind)),
    )
    expect(detectors.map(({ kind }) => kind).filter((kind) => !labelled.has(kind))).toEqual([])
  })
})

describe.each(detectors)('$kind', ({ kind, group, covers, misses, pseudonym }) => {
  test('says what it covers and what not', () => {
    expect(kindGroups).toContain(group)
    expect([covers, misses].filter((text) => text.length < 10)).toEqual([])
  })

  test('does not find its own made-up values', () => {
    const values = labelledSet('hand-written').flatMap(({ text, spans }) =>
      spans.filter((span) => span.kind === kind).map((span) => text.slice(span.start, span.end)),
    )
    expect(values.length).toBeGreaterThan(0)
    for (const [seed, value] of [...values, ...values, ...values].entries()) {
      const made = value.replaceAll(kind === 'name' ? /[\p{L}\p{M}][\p{L}\p{M}'’-]*/gu : /^[^]*$/g, (part) =>
        pseudonym(part, createRandom(seed)),
      )
      expect(made).not.toBe(value)
      expect({ value, made, found: find(made) }).toEqual({ value, made, found: [] })
    }
  })
})

test('a longer find takes in the shorter ones that it overlaps', () => {
  expect(find('see https://bob:pw12@mail.office.net/x?y=1.')).toEqual([
    'url-credentials https://bob:pw12@mail.office.net/x?y=1',
  ])
})

test('a number that is given out for tests of cards is left whole, and what follows it is found', () => {
  expect(find('call me, card 4111 1111 1111 1111')).toEqual([])
  expect(find('phone 4111 1111 1111 1111 (415) 823-2671')).toEqual(['phone (415) 823-2671'])
  expect(find('call me, card 4539 1488 0343 6467')).toEqual(['card 4539 1488 0343 6467'])
})

test('national numbers of the country at hand', () => {
  const german = new SpanFinder(detectors, 'DE')
  expect(finder.find('Bitte 30 901820 anrufen')).toEqual([])
  expect(german.find('Bitte 030 901820 wählen').map(({ kind }) => kind)).toEqual(['phone'])
})

test('places count UTF-16 code units', () => {
  expect(finder.find('😀 ana.p@telefonia.pt')).toEqual([{ start: 3, end: 21, kind: 'email' }])
})

// A pattern that takes time by the square of the text would not end here within the test's time.
test.each([
  ['@', 'a@'],
  ['digits in groups', '1 '],
  ['digits', '12345678'],
  ['cards', '4485 2757 4230 8327 '],
  ['plus', '+1('],
  ['letters', 'Aa'],
  ['capitals', 'A'],
  ['names', 'Dr. Anna '],
  ['name parts', "Anna O'Neil-"],
  ['greetings', 'Dear '],
  ['keys', '-----BEGIN PRIVATE KEY'],
  ['tokens', '-eyJhbGciOiJ'],
  ['passwords', 'password='],
  ['addresses', '12 High Street, '],
  ['german streets', 'Am Weg-'],
  ['urls', 'https://a:b'],
  ['colons', 'a1:'],
  ['dates', 'born 1.'],
  ['spaces', 'born    '],
  ['surrogates', '\ud800'],
  ['nothing', '\0'],
])('hostile text of %s', (_name, piece) => {
  const text = piece.repeat(Math.ceil(60_000 / piece.length))
  for (const { start, end } of finder.find(text)) {
    expect(start).toBeLessThan(end)
    expect(end).toBeLessThanOrEqual(text.length)
  }
})
