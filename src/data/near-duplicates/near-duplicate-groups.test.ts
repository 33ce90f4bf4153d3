import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearDuplicateGroups } from './near-duplicate-groups.ts'
import { NearDuplicateSearch } from './near-duplicate-search.ts'
import { defaultShingles, jaccard, Shingler, type ShingleForm } from './shingler.ts'

/** By `bench/peers/near_duplicates.py`. */
const golden = JSON.parse(
  readFileSync(new URL('fixtures/near-duplicates.json', import.meta.url), 'utf8'),
) as {
  readonly texts: readonly string[]
  readonly thresholds: readonly {
    readonly threshold: number
    readonly pairs: readonly (readonly number[])[]
    readonly all: number
  }[]
}

const several = (texts: readonly string[], threshold?: number): readonly (readonly number[])[] =>
  nearDuplicateGroups(texts, threshold === undefined ? {} : { threshold }).filter((group) => group.length > 1)

/** The same by its definition: sets of word triples as text, all pairs compared. */
function bruteForce(texts: readonly string[], threshold: number): number[][] {
  const sets = texts.map((text) => {
    const words = text.split(' ')
    return new Set(
      words.slice(0, Math.max(1, words.length - 2)).map((_, at) => words.slice(at, at + 3).join(' ')),
    )
  })
  const groups = texts.map((_, at) => new Set([at]))
  for (const [i, a] of sets.entries()) {
    for (const [j, b] of sets.entries()) {
      const shared = [...a].filter((shingle) => b.has(shingle)).length
      if (i >= j || shared / (a.size + b.size - shared) < threshold) continue
      const joined = new Set([...(groups[i] ?? []), ...(groups[j] ?? [])])
      for (const member of joined) groups[member] = joined
    }
  }
  return [...new Set(groups)].map((group) => [...group].toSorted((a, b) => a - b))
}

/** Words that no other text has. */
const longText = (number: number): string =>
  Array.from({ length: 700 }, (_, at) => `w${number}x${at}`).join(' ')
const fillers = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `filler ${at} of ${at * 3} kinds`)

function shingles(text: string, form: ShingleForm = defaultShingles): Uint32Array {
  const shingler = new Shingler(form)
  shingler.read(text)
  return shingler.set()
}

function nameOf(text: string): string {
  const shingler = new Shingler(defaultShingles)
  shingler.read(text)
  return `${shingler.words} ${shingler.low} ${shingler.high}`
}

describe('words and shingles', () => {
  test.each([
    ['Where’s MY card?', ['where', 's', 'my', 'card']],
    ['ﬁve ＡＢＣ 12', ['five', 'abc', '12']],
    ['银行卡 ok 在哪', ['银', '行', '卡', 'ok', '在', '哪']],
    ['नमस्ते दुनिया', ['नमस्ते', 'दुनिया']],
    ['?! 😀', []],
  ])('%s', (text, words) => {
    expect(nameOf(text).startsWith(`${words.length} `)).toBe(true)
    const joined = words.length === 0 ? text : words.join(' - ')
    expect(nameOf(joined)).toBe(nameOf(text))
    const other = words.length > 1 ? words.toReversed().join(' ') : `${text} more`
    expect(nameOf(other)).not.toBe(nameOf(text))
  })

  test('words beyond the basic plane and words without letters', () => {
    expect(nameOf('𝒽𝒾 𠮷野家').startsWith('4 ')).toBe(true)
    expect(nameOf('𝒽𝒾 𠮷野家')).toBe(nameOf('HI 𠮷 野 家'))
    expect(nameOf('?')).not.toBe(nameOf('!'))
    expect(nameOf('')).not.toBe(nameOf('\u0001'))
    expect(nameOf('\ud835').startsWith('0 ')).toBe(true)
  })

  test('character shingles run over the words with one space between', () => {
    const form = { of: 'characters', size: 5 } as const
    expect(shingles('Ab, cd!', form)).toEqual(shingles('ab cd', form))
    expect(shingles('abcdefg', form)).toHaveLength(3)
    expect(shingles('abc', form)).toHaveLength(1)
    expect(jaccard(shingles('abcdef', form), shingles('abcdeg', form))).toBe(1 / 3)
    expect(shingles('a'.repeat(5000), form)).toHaveLength(1)
  })

  test('similarity counts 3-word shingles', () => {
    expect(shingles('a b c d e')).toHaveLength(3)
    expect(shingles('a b a b a b a b')).toHaveLength(2)
    expect(shingles('a b')).toHaveLength(1)
    expect(jaccard(shingles('a b c d e'), shingles('a b c d f'))).toBe(0.5)
    expect(jaccard(shingles('a b c'), shingles('x y z'))).toBe(0)
    expect(jaccard(shingles(''), shingles(''))).toBe(1)
  })
})

describe('nearDuplicateGroups', () => {
  test('case, punctuation, white space and an added word', () => {
    const texts = [
      'How do I get a new card?',
      'My card was stolen yesterday',
      'how do I  get a new card',
      'how do i get a new card please',
    ]
    expect(several(texts)).toEqual([[0, 2, 3]])
    expect(several(texts, 1)).toEqual([[0, 2]])
  })

  test('texts without words are alike only when they are equal', () => {
    expect(several(['😀', '?', '😀 ', '', ' '])).toEqual([
      [0, 2],
      [3, 4],
    ])
  })

  test('nothing, and one text', () => {
    expect(nearDuplicateGroups([])).toEqual([])
    expect(nearDuplicateGroups(['x'])).toEqual([[0]])
  })

  test('an instruction that most texts repeat does not make them alike', () => {
    const instruction =
      'Read the message below and answer with the one label that fits it best of all: '.repeat(3)
    const texts = Array.from(
      { length: 40 },
      (_, at) => `${instruction} report number ${at} says thing ${at * 7}`,
    )
    expect(several([...texts, `${texts[5]}!`])).toEqual([[5, 40]])
  })

  test('texts that are nothing but template are not alike for it', () => {
    const texts = Array.from({ length: 30 }, (_, at) => `please help me now ${'again '.repeat(at)}`)
    expect(several(['please help me', 'help me now', ...texts.slice(0, 3), ...fillers(40)])).toEqual([])
  })

  test.each([256, 2, 0.001])(
    'sets beyond the memory that is allowed go to a file, with the same result; %d MB are kept of what was read',
    (tapeMegabytes) => {
      const texts = Array.from({ length: 1_600 }, (_, at) => `${longText(Math.floor(at / 2))} ${at % 2}`)
      const wanted = Array.from({ length: 800 }, (_, at) => [2 * at, 2 * at + 1])
      const options = { threshold: 0.9, megabytes: 4, manyTexts: 100, tapeMegabytes }
      expect(nearDuplicateGroups(texts, options)).toEqual(wanted)
    },
  )

  test('equals the comparison of all pairs', () => {
    const word = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'.split(''))
    const base = fc.array(word, { minLength: 6, maxLength: 30 })
    const edits = fc.array(fc.tuple(fc.nat(5), fc.nat(30), word), { maxLength: 14 })
    let joined = 0
    fc.assert(
      fc.property(
        fc.array(base, { minLength: 1, maxLength: 5 }),
        edits,
        fc.constantFrom(0.8, 0.9),
        (bases, changes, threshold) => {
          const variants = changes.map(([which, where, other]) => {
            const words = bases[which % bases.length] ?? []
            return words.toSpliced(where % (words.length + 1), 1, other)
          })
          const texts = [...bases, ...variants].map((words) => words.join(' '))
          const groups = nearDuplicateGroups(texts, { threshold })
          expect(groups).toEqual(bruteForce(texts, threshold))
          joined += groups.filter((group) => group.length > 1).length
        },
      ),
      { numRuns: 300, seed: 11 },
    )
    expect(joined).toBeGreaterThan(100)
  })

  test.each(golden.thresholds)('finds what datasketch finds from $threshold', ({ threshold, pairs, all }) => {
    const groupOf = new Map(
      nearDuplicateGroups(golden.texts, { threshold }).flatMap((group, at) =>
        group.map((text) => [text, at] as const),
      ),
    )
    expect(pairs.length).toBeGreaterThan(50)
    expect(all).toBeGreaterThanOrEqual(pairs.length)
    const missed = pairs.filter(([a = 0, b = 0]) => groupOf.get(a) !== groupOf.get(b))
    expect(missed).toEqual([])
  })

  test.each([0, 1.5, Number.NaN])('threshold %s is refused', (threshold) => {
    expect(() => nearDuplicateGroups(['a'], { threshold })).toThrow('threshold')
  })
})

test('more texts than were foreseen change nothing', () => {
  const texts = [
    'five six seven eight',
    ...Array.from({ length: 20_000 }, () => 'one two three four'),
    'five six seven eight nine',
  ]
  const found = [1, 20_002].map((capacity) => {
    using search = new NearDuplicateSearch({ threshold: 0.5, capacity })
    for (const text of texts) search.learn(text)
    texts.forEach((text, at) => search.sketch(search.wantsSketch(at) ? text : ''))
    search.choose()
    texts.forEach((text, at) => search.gather(search.wantsGather(at) ? text : ''))
    const groups = search.link()
    return texts.map((_, at) => groups.find(search.idOf(at)))
  })
  expect(found[0]).toEqual(found[1])
  expect(found[0]?.at(-1)).toBe(found[0]?.at(0))
})
