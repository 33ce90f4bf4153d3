import { expect, test } from 'vitest'
import { HoneError } from '../core/errors.ts'
import { mergeConfig } from './merge-config.ts'
import { parseConfig } from './parse-config.ts'
import { resolveConfig } from './hone-config.ts'

const minimal = 'schema: 1\nname: t\ndata: d.jsonl\ntask: { kind: text }\n'

function refusalOf(line: string): HoneError {
  try {
    parseConfig(`${line}\n${minimal}`, 'hone.yaml')
  } catch (error) {
    if (HoneError.isInstance(error)) return error
    throw error
  }
  throw new Error('the configuration was taken')
}

test.each([
  [
    'evaluation: { candidates: [{ id: a, model: base, repeats: 3 }] }',
    '/evaluation/candidates/0/repeats',
    'needs a temperature above 0, because greedy answers are all the same, this is 3',
  ],
  [
    'evaluation: { candidates: [{ id: a, model: base, repeats: 3, temperature: 1, decide: likeliest }] }',
    '/evaluation/candidates/0/repeats',
    '"decide: likeliest" gives the same label in every repeat',
  ],
  [
    'evaluation: { candidates: [{ id: a, model: "openai-compatible:x" }] }',
    '/evaluation/candidates/0/url',
    'must be given for a hosted model',
  ],
  [
    'evaluation: { candidates: [{ id: a, model: "openai-compatible:x", url: "https://h/v1?key=s" }] }',
    '/evaluation/candidates/0/url',
    'must hold no key, query or fragment',
  ],
  [
    'evaluation: { candidates: [{ id: a, model: "openai-compatible:x", url: "http://h/v1", keyVariable: K }] }',
    '/evaluation/candidates/0/url',
    'must be https where a key is sent',
  ],
  [
    'evaluation: { candidates: [{ id: a, model: base, url: "https://h/v1" }] }',
    '/evaluation/candidates/0/url',
    'belongs to a hosted model only',
  ],
  [
    'evaluation: { candidates: [{ id: a, model: "openai-compatible:x", url: "https://h/v1", arithmetic: int8 }] }',
    '/evaluation/candidates/0/arithmetic',
    'is for models of this machine',
  ],
  ['judge: { model: base }', '/judge/rubric', '"rubric" is missing'],
  ['judge: { model: tuned, rubric: good }', '/judge/model', 'must be base, model: and the id of a model'],
])('%s', (line, pointer, message) => {
  const error = refusalOf(line)
  expect(error.message.startsWith(message)).toBe(true)
  expect(error.at).toMatchObject({ line: 1, pointer })
})

test('a hosted candidate and a judge, as they are written', () => {
  const text = `${minimal}evaluation:
  candidates:
    - { id: a, model: "openai-compatible:x/y", url: "http://localhost:8000/v1", keyVariable: K, timeoutSeconds: 5 }
    - { id: b, model: tuned, temperature: 1, repeats: 3, retries: 2 }
judge: { model: base, rubric: Be kind., ratings: r.jsonl, against: a }
`
  const config = resolveConfig(parseConfig(text, 'hone.yaml').config, {
    file: 'hone.yaml',
    dataFolder: '/data',
    workingFolder: '/elsewhere',
    system: undefined,
    basePrompt: undefined,
    rubric: 'Be kind.',
    candidatePrompts: new Map(),
  })
  expect(config.judge).toMatchObject({
    rubric: 'Be kind.',
    against: 'a',
    scale: 5,
    leastAgreement: 0.4,
    trusted: false,
    ratings: expect.stringMatching(/data.r\.jsonl$/) as string,
  })
  expect(mergeConfig(config, {}, '/elsewhere')).toEqual(config)
})
