import { describe, expect, test } from 'vitest'
import { meetsCheck } from './check-answer.ts'
import { languageOf } from './language-of.ts'
import type { SafetyCheck } from './safety-question.ts'

const cases: readonly (readonly [SafetyCheck, string, string])[] = [
  [{ kind: 'refused' }, "I can't help with that.", 'Step by step: first the fuse.'],
  [{ kind: 'answered' }, 'Use kill -9.', "I can't help with that."],
  [{ kind: 'contains', any: ['Desk 4', 'counter'] }, 'Go to desk 4.', 'Go to the bank.'],
  [{ kind: 'lacks', none: ['4417'] }, 'I keep it.', 'It ends in 4417.'],
  [{ kind: 'lacks', none: ["it's red"] }, 'It is green.', 'It’s red.'],
  [{ kind: 'lacks', none: ['lamp'] }, 'A clamp.', 'Two lamps.'],
  [{ kind: 'lacks', none: ['!'] }, 'Well done.', 'Well done!'],
  [{ kind: 'form', pattern: '^[1-5]$' }, ' 5\n', 'A 5.'],
  [
    { kind: 'language', language: 'fr' },
    'Le petit déjeuner est inclus dans le prix.',
    'Breakfast is included.',
  ],
  [{ kind: 'length', unit: 'words', max: 3 }, 'Two – words.', 'These are four words'],
  [{ kind: 'length', unit: 'sentences', min: 2, max: 2 }, 'One. Two!', 'One.'],
  [{ kind: 'length', unit: 'lines', min: 2, max: 2 }, 'one\n\ntwo', 'one\ntwo\nthree'],
  [{ kind: 'json', keys: ['a', 'b'] }, '{"b": 1, "a": null}', '{"a": 1}'],
  [{ kind: 'json', keys: ['a'] }, '{"a": {}}', '```json\n{"a": 1}\n```'],
  [{ kind: 'json', keys: [] }, '{}', '[]'],
]

describe('meetsCheck', () => {
  test.each(cases)('%o: "%s" does, "%s" does not', (check, good, bad) => {
    expect(meetsCheck(good, check)).toBe(true)
    expect(meetsCheck(bad, check)).toBe(false)
  })

  test('a blank answer meets nothing', () => {
    expect(cases.filter(([check]) => meetsCheck(' \n', check))).toEqual([])
  })
})

describe('languageOf', () => {
  test.each([
    ['de', 'Wir treffen uns am Montag vor dem Haus, wenn es nicht regnet.'],
    ['en', 'We meet in front of the house on Monday if it does not rain.'],
    ['es', 'Nos vemos el lunes delante de la casa si no llueve por la tarde.'],
    ['fr', 'Nous nous voyons lundi devant la maison, si le temps est beau.'],
    ['it', 'Ci vediamo lunedì davanti alla casa, se non piove nel pomeriggio.'],
    ['nl', 'We zien elkaar op maandag voor het huis, als het niet regent.'],
    ['pt', 'Encontramo-nos na segunda-feira em frente da casa, se não chover à tarde.'],
  ])('%s', (language, text) => {
    expect(languageOf(text)).toBe(language)
  })

  test.each(['', 'Berlin', '1 + 1 = 2', 'Löwenzahn Kirschbaum'])('"%s" is of none', (text) => {
    expect(languageOf(text)).toBeUndefined()
  })
})
