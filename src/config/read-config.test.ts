import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HoneError } from '../core/errors.ts'
import { mergeConfig } from './merge-config.ts'
import { parseConfig } from './parse-config.ts'
import { readConfig } from './read-config.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-config-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const minimal = 'schema: 1\nname: x\ndata: data.jsonl\ntask: { kind: text }\n'

/** The lines of the refusal of a text, without the title where there is one problem. */
function refusalOf(text: string): { lines: string[]; error: HoneError } {
  try {
    parseConfig(text, 'hone.yaml')
  } catch (error) {
    if (!HoneError.isInstance(error) || error.code !== 'E_CONFIG') throw error
    return { lines: error.message.split('\n').map((line) => line.trim()), error }
  }
  throw new Error('nothing was refused')
}

async function write(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

describe('readConfig', () => {
  test('fills in defaults, resolves paths and reads texts', async () => {
    const own = join(folder, 'task')
    await mkdir(own, { recursive: true })
    await writeFile(join(own, 'prompt.txt'), '\uFEFFRoutes:\n- A\r\n')
    await writeFile(
      join(own, 'hone.yaml'),
      `${minimal}system: |\n  You route claims.\nprompt: { base: { file: prompt.txt } }\ntraining: { learningRate: 1e-3 }\n`,
    )
    const workingFolder = join(folder, 'work')
    const config = await readConfig(own, { workingFolder })
    expect(config).toEqual({
      file: join(own, 'hone.yaml'),
      schema: 1,
      name: 'x',
      data: { train: join(own, 'data.jsonl') },
      system: 'You route claims.',
      task: { kind: 'text' },
      split: { validation: 0.1, test: 0.15, seed: 7 },
      base: 'smollm2-135m-instruct',
      prompt: { base: 'Routes:\n- A', fewShot: 8 },
      training: { learningRate: 0.001 },
      evaluation: { maxTokens: 256, candidates: ['base', 'few-shot', 'tuned'] },
      output: join(workingFolder, 'out', 'x'),
    })
    expect(await readConfig(join(own, 'hone.yaml'), { workingFolder })).toEqual(config)
  })

  test('candidates are names, or a model with a prompt and settings, whose text is read', async () => {
    const file = await write(
      'candidates.yaml',
      `${minimal}evaluation:
  candidates:
    - base
    - { id: long, model: base, system: { file: long.txt }, fewShot: 3 }
    - id: alike
      model: model:other
      title: most alike
      system: Route it.
      fewShot: { count: 4, choose: similar }
      temperature: 0.7
      stop: ["###"]
`,
    )
    await write('long.txt', 'A long prompt.\n')
    const config = await readConfig(file)
    expect(config.evaluation.candidates).toEqual([
      'base',
      { id: 'long', model: 'base', system: 'A long prompt.', fewShot: 3 },
      {
        id: 'alike',
        model: 'model:other',
        title: 'most alike',
        system: 'Route it.',
        fewShot: { count: 4, choose: 'similar' },
        temperature: 0.7,
        stop: ['###'],
      },
    ])
    expect(mergeConfig(config, { evaluation: { limit: 3 } }).evaluation).toEqual({
      ...config.evaluation,
      limit: 3,
    })
    const missing = await write(
      'missing.yaml',
      `${minimal}evaluation: { candidates: [{ id: a, model: base, system: { file: none.txt } }] }`,
    )
    await expect(readConfig(missing)).rejects.toMatchObject({
      code: 'E_CONFIG',
      at: { line: 5, pointer: '/evaluation/candidates/0/system/file' },
    })
  })

  test('JSON is read too, and a split with a file of its own is not split off', async () => {
    const file = await write(
      'own.json',
      JSON.stringify({
        schema: 1,
        name: 'x',
        data: { train: 'a.jsonl', test: 'b.jsonl' },
        task: { kind: 'json' },
      }),
    )
    const { data, split } = await readConfig(file)
    expect(data).toEqual({ train: join(folder, 'a.jsonl'), test: join(folder, 'b.jsonl') })
    expect(split).toEqual({ validation: 0.1, test: 0, seed: 7 })
  })

  test('texts that cannot be read are named with their lines', async () => {
    const file = await write(
      'texts.yaml',
      `${minimal}system: { file: none.txt }\nprompt:\n  base: { file: . }\n`,
    )
    await expect(readConfig(file)).rejects.toMatchObject({
      code: 'E_CONFIG',
      at: { file, line: 5, pointer: '/system/file' },
      message: expect.stringMatching(/there is no such file: .*none\.txt\n.*line 7 \/prompt\/base\/file/),
    })
  })

  test.each([
    ['no file', 'missing/hone.yaml', undefined, 'there is no such file'],
    ['not UTF-8', 'latin.yaml', Buffer.from([0x61, 0x3a, 0xe9]), 'not UTF-8'],
    ['too large', 'large.yaml', Buffer.alloc(2 ** 20 + 1, 0x23), 'the limit is 1 MiB'],
  ])('%s', async (_, name, content, message) => {
    if (content !== undefined) await write(name, content)
    await expect(readConfig(join(folder, name))).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringContaining(message),
    })
  })

  test('a folder without a configuration', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty, { recursive: true })
    await expect(readConfig(empty)).rejects.toMatchObject({ code: 'E_CONFIG', at: { file: empty } })
  })

  test('rejects with the reason of its signal', async () => {
    const reason = new Error('stop')
    await expect(readConfig(folder, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})

describe('parseConfig', () => {
  test('all problems at once, by line, with what was meant', () => {
    const { lines, error } = refusalOf(
      [
        'schema: 1',
        'name: Claims Router',
        'task: { kind: label }',
        'epochs: 3',
        'split:',
        '  test: -1',
        '  sed: 7',
        'training:',
        '  learning_rate: 0.1',
        '  rank: 1.5',
        '  schedule: cosin',
        '  beta1: 1',
        '  earlyStopping: { patience: two }',
        '  targets: []',
        'evaluation:',
        '  candidates: [tuned, best]',
        'zzz: 1',
      ].join('\n'),
    )
    expect(lines).toEqual([
      '14 problems in the configuration',
      'line 1 /data  "data" is missing',
      'line 2 /name  must be small letters, digits, ".", "_" and "-", and be a file name on every system, this is "Claims Router"',
      'line 3 /task/kind  must be labels, json, tool-calls, spans, codes or text, this is "label"; did you mean "labels"?',
      'line 4 /epochs  unknown key "epochs"; did you mean training.epochs?',
      'line 6 /split/test  must be at least 0, this is -1',
      'line 7 /split/sed  unknown key "sed"; did you mean "seed"?',
      'line 9 /training/learning_rate  unknown key "learning_rate"; did you mean "learningRate"?',
      'line 10 /training/rank  must be a whole number, this is 1.5',
      'line 11 /training/schedule  must be cosine, linear or constant, this is "cosin"; did you mean "cosine"?',
      'line 12 /training/beta1  must be less than 1, this is 1',
      'line 13 /training/earlyStopping/patience  must be a number, this is "two"',
      'line 14 /training/targets  must have at least 1 entries, this is a list of 0',
      'line 16 /evaluation/candidates/1  must be base, few-shot, tuned or model: and the id of a model, this is "best"',
      'line 17 /zzz  unknown key "zzz"; known here: schema, name, data, system, task, split, base, prompt, training, evaluation, judge, gate, output',
    ])
    expect(error.at).toEqual({ file: 'hone.yaml', line: 1, pointer: '/data' })
    expect(error.hint).toContain('docs/configuration.md')
  })

  test.each([
    ['name: 12', '/name', 'must be a text, this is 12; put it in quotes to make it a text'],
    ['system: { fil: a.txt }', '/system/file', '2 problems in the configuration'],
    ['system: [a]', '/system', 'must be a text or a section of keys, this is a list of 1'],
    [
      'data: 3',
      '/data',
      'must be a text or a section of keys, this is 3; put it in quotes to make it a text',
    ],
    ['data: { train: a, tset: b }', '/data/tset', 'unknown key "tset"; did you mean "test"?'],
    ['task: {}', '/task/kind', '"kind" is missing: labels, json, tool-calls, spans, codes or text'],
    ['task: { kind: text, labels: [a, b] }', '/task/labels', '"labels" belongs to another kind; remove it'],
    [
      'task: { kind: labels, labels: [a, a] }',
      '/task/labels',
      'each label may be listed once, this is a list of 2',
    ],
    ['task: { kind: text, metrics: [bleu, chr] }', '/task/metrics/1', 'must be token-f1, exact-match,'],
    ['task: { kind: json, fields: { a: dates } }', '/task/fields/a', 'must be exact, text, similar, number,'],
    [
      'task: { kind: json, fields: { a: { match: dates } } }',
      '/task/fields/a/match',
      'must be exact, text, similar, icd-10-cm, number, date, enum, object, set or list, this is "dates"; did you mean "date"?',
    ],
    [
      'task: { kind: json, fields: { a: { match: number, tolerence: 1 } } }',
      '/task/fields/a/tolerence',
      'unknown key "tolerence"; did you mean "tolerance"?',
    ],
    [
      'task: { kind: json, fields: { a: { match: list, of: { match: number, tolerance: -1 } } } }',
      '/task/fields/a/of/tolerance',
      'must be at least 0, this is -1',
    ],
    ['task: { kind: json, fields: [] }', '/task/fields', 'must have at least 1 entries, this is a list of 0'],
    ['task: { kind: codes }', '/task/system', '"system" is missing'],
    ['task: { kind: text, metrics: [{ flie: a.mjs }] }', '/task/metrics/0/file', '2 problems'],
    [
      'evaluation: { prices: { base: { input: 1 } } }',
      '/evaluation/prices/base/output',
      '"output" is missing',
    ],
    [
      'evaluation: { prices: { Base: openai } }',
      '/evaluation/prices/Base',
      'the key "Base" must be the id of a candidate',
    ],
    [
      'evaluation: { candidates: [base, { id: a, model: bse }] }',
      '/evaluation/candidates/1/model',
      'must be base, tuned, model: and the id of a model, or openai-compatible: and the name of a hosted one, this is "bse"',
    ],
    [
      'evaluation: { candidates: [{ id: a, model: base, fewshot: 3 }] }',
      '/evaluation/candidates/0/fewshot',
      'unknown key "fewshot"; did you mean "fewShot"?',
    ],
    [
      'evaluation: { candidates: [{ id: a, model: base, fewShot: { count: 3, choose: alike } }] }',
      '/evaluation/candidates/0/fewShot/choose',
      'must be fixed, random or similar, this is "alike"',
    ],
    [
      'evaluation: { candidates: [{ id: tuned, model: base }] }',
      '/evaluation/candidates/0/id',
      'must be small letters, digits, ".", "_" and "-", and none of base,',
    ],
    [
      'evaluation: { candidates: [{ id: a, model: base }, { id: a, model: tuned }] }',
      '/evaluation/candidates',
      'each candidate may be listed once',
    ],
    ['training:', '/training', 'must be a section of keys, this is null'],
    ['schema: 2', '/schema', 'must be 1, this is 2'],
    ['split: { seed: 1.5 }', '/split/seed', 'must be a whole number, this is 1.5'],
    ['name: nul', '/name', 'must be small letters'],
    ['name: ../x', '/name', 'must be small letters'],
  ])('%s', (line, pointer, message) => {
    const key = line.slice(0, line.indexOf(':'))
    const others = minimal.split('\n').filter((other) => !other.startsWith(`${key}:`))
    const { lines, error } = refusalOf(`${line}\n${others.join('\n')}`)
    expect(lines[0]?.startsWith(message)).toBe(true)
    expect(error.at).toEqual({ file: 'hone.yaml', line: 1, pointer })
  })

  test('a file for a split and a size for it exclude each other', () => {
    const text = minimal.replace('data.jsonl', '{ train: a, test: b }')
    expect(refusalOf(`${text}split: { test: 0.2 }`).error).toMatchObject({
      at: { line: 5, pointer: '/split/test' },
      message: 'data.test names a file, so nothing is split off; remove one of the two',
    })
    expect(parseConfig(`${text}split: { test: 0 }`, 'x').config.split.test).toBe(0)
  })

  test.each([
    ['an open list', 'schema: 1\nname: [a\n', 3],
    ['a key twice', 'schema: 1\nname: a\nname: b\n', 3],
    ['a tag', 'schema: 1\nname: !!js/function a\n', 2],
    ['two documents', 'schema: 1\n---\nschema: 1\n', 2],
    ['a tab', 'schema: 1\ntask:\n\tkind: text\n', 3],
    ['nothing', '', undefined],
    ['a list', '- a\n', 1],
    ['a text', 'hello', 1],
  ])('no configuration: %s', (_, text, line) => {
    expect(refusalOf(text).error.at).toEqual({ file: 'hone.yaml', ...(line === undefined ? {} : { line }) })
  })

  test('aliases that would explode are refused', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (const [at, letter] of ['b', 'c', 'd', 'e', 'f'].entries()) {
      const previous = `*${'abcde'[at]}`
      bomb.push(`${letter}: &${letter} [${Array.from({ length: 9 }, () => previous).join(', ')}]`)
    }
    expect(refusalOf(`${minimal}${bomb.join('\n')}\n`).lines[0]).toContain('aliases')
  })

  test('any text is a configuration or a coded refusal', () => {
    const piece = fc.constantFrom(
      ...minimal.split(/(?<=\n)/),
      '  ',
      '- ',
      ': ',
      '&a ',
      '*a',
      '{',
      '[',
      '"',
      'training:\n',
      '<<: ',
      '__proto__: 1\n',
      '\u0000',
    )
    let refused = 0
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 9 }),
        (pieces) => {
          try {
            parseConfig(pieces.join(''), 'hone.yaml')
          } catch (error) {
            if (!HoneError.isInstance(error) || error.code !== 'E_CONFIG') throw error
            refused++
          }
        },
      ),
      { numRuns: 500 },
    )
    expect(refused).toBeGreaterThan(100)
  })
})

describe('mergeConfig', () => {
  test('flags go before the file, and undefined ones are none', async () => {
    const file = await write(
      'merge.yaml',
      minimal.replace('text', 'labels, labels: [a, b]') + 'training: { rank: 4, alpha: 8 }\n',
    )
    const config = await readConfig(file, { workingFolder: folder })
    const overrides = {
      training: { rank: 16, alpha: undefined },
      data: { test: 'other.jsonl' },
      output: 'o',
      system: 'S',
      base: undefined,
      evaluation: { limit: undefined },
    }
    const merged = mergeConfig(config, overrides, '/elsewhere')
    expect(merged).toEqual({
      ...config,
      training: { rank: 16, alpha: 8 },
      data: { train: join(folder, 'data.jsonl'), test: join('/elsewhere', 'other.jsonl') },
      split: { validation: 0.1, test: 0, seed: 7 },
      system: 'S',
      output: join('/elsewhere', 'o'),
    })
    expect(mergeConfig(config, {}, '/elsewhere')).toEqual(config)
    expect(mergeConfig(config, { task: { kind: 'text' } }).task).toEqual({ kind: 'text' })
    expect(mergeConfig(config, { task: { labels: ['c', 'd'] } }).task).toEqual({
      kind: 'labels',
      labels: ['c', 'd'],
    })
  })

  test('what does not fit is refused with its pointer', async () => {
    const config = await readConfig(await write('merge.yaml', minimal))
    expect(() => mergeConfig(config, { training: { rank: 0 } })).toThrow(
      expect.objectContaining({
        code: 'E_CONFIG',
        at: { pointer: '/training/rank' },
        message: 'must be at least 1, this is 0',
      }),
    )
  })
})
