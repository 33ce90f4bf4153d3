import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBaseModel } from '../base-model.ts'
import { KeyValueCache } from '../generate/key-value-cache.ts'
import { loadGenerator } from '../load-generator.ts'
import { exportTiny, tinyConversations, tinyForms, tinyTuned } from './testing/tiny-exports.ts'

/** What another program made of one export. */
interface Golden {
  /** Of the files that it read. */
  readonly sha256: Readonly<Record<string, string>>
  readonly tokens: readonly string[]
  /** Probabilities of the likeliest first tokens of each answer, by token. */
  readonly first: readonly Readonly<Record<string, number>>[]
}

const readGoldens = (file: string): Readonly<Record<string, Golden>> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, Golden>

const fixtures = join('src', 'engine', 'export', 'fixtures')
const goldens = {
  ...readGoldens(join(fixtures, 'transformers.json')),
  ...readGoldens(join(fixtures, 'llama-cpp.json')),
}
/** Largest difference of a probability. llama.cpp keeps keys and values in F16, and rounds activations to suit
 * each weight's type. */
const tolerance: Readonly<Record<string, number>> = {
  'folder-f32': 1e-5,
  'folder-bf16': 5e-3,
  'folder-f16': 1e-3,
  'gguf-adapter': 1e-2,
  'gguf-f16': 2e-3,
  'gguf-q8': 1e-2,
  'gguf-adapter-of-folder': 1e-3,
  'gguf-f32-of-folder': 1e-3,
}
const python = process.env['HONE_PYTHON']

const folder = mkdtempSync(join(tmpdir(), 'hone-exports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Token ids as other programs see them (special tokens in a text are special), and the first token's probabilities. */
let own: { readonly tokens: readonly string[]; readonly first: readonly Float64Array[] }
let conversations: ReturnType<typeof tinyConversations>

beforeAll(async () => {
  const tiny = await tinyTuned(join(folder, 'models', 'own'), 'gguf')
  const { tokenizer, template } = tiny.text
  conversations = tinyConversations(tiny.text)
  const ids = conversations.map((messages) =>
    tokenizer.encode(template.render(messages, { addGenerationPrompt: true }), { special: true }),
  )
  const cacheFolder = join(tiny.home, 'cache')
  const base = await openBaseModel(tiny.baseFolder, { cacheFolder })
  await using loaded = await loadGenerator(base, tiny.adapter, cacheFolder, { threads: 1 })
  const { model } = loaded
  const first: Float64Array[] = []
  for (const each of ids) {
    const logits = await model.advance([each], model.emptyPrefix, new KeyValueCache(base.config, 1))
    const exponentials = Float64Array.from(logits, (logit) => Math.exp(logit))
    const total = exponentials.reduce((sum, value) => sum + value, 0)
    first.push(exponentials.map((value) => value / total))
  }
  own = { tokens: ids.map((each) => each.join(' ')), first }
})

function expectParity({ tokens, first }: Pick<Golden, 'tokens' | 'first'>, limit: number): void {
  expect(tokens).toHaveLength(50)
  expect(tokens).toEqual(own.tokens)
  const differences = first.flatMap((probabilities, index) =>
    Object.entries(probabilities).map(([token, probability]) =>
      Math.abs(probability - (own.first[index]?.[Number(token)] ?? Number.NaN)),
    ),
  )
  expect(differences).toHaveLength(50 * 6)
  expect(Math.max(...differences)).toBeLessThan(limit)
}

test('there is a golden of every form', () => {
  expect(Object.keys(goldens).toSorted()).toEqual(Object.keys(tinyForms).toSorted())
})

describe.each(Object.keys(tinyForms))('%s', (name) => {
  const golden = goldens[name]

  test('is what the other program read, byte for byte', async () => {
    await exportTiny(folder, name)
    const files = Object.entries(golden?.sha256 ?? {})
    expect(files.length).toBeGreaterThan(0)
    for (const [file, sha256] of files) {
      const bytes = readFileSync(join(folder, name, file))
      expect([file, createHash('sha256').update(bytes).digest('hex')]).toEqual([file, sha256])
    }
  })

  test('gives the same tokens and first answers there as here', () => {
    expect(golden).toBeDefined()
    if (golden !== undefined) expectParity(golden, tolerance[name] ?? 0)
  })
})

// HONE_PYTHON names a Python with the packages of bench/peers/requirements.txt.
test.skipIf(python === undefined)('the transformers that is installed reads the folders alike', () => {
  writeFileSync(join(folder, 'conversations.json'), JSON.stringify(conversations))
  const output = join(folder, 'transformers.json')
  const script = join('bench', 'peers', 'export_goldens.py')
  execFileSync(python ?? '', [script, folder, output], { stdio: 'ignore' })
  const found = Object.entries(readGoldens(output))
  expect(found).toHaveLength(3)
  for (const [name, golden] of found) expectParity(golden, tolerance[name] ?? 0)
})
