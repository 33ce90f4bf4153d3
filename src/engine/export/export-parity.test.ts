import { execFileSync } from 'node:child_process'
import { createHash, type BinaryLike } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChatTemplate } from '../../text/chat-template.ts'
import { readAdapter } from '../adapter/adapter-files.ts'
import type { Adapter } from '../adapter/adapter.ts'
import { importAdapter } from '../adapter/import-adapter.ts'
import { openBaseModel } from '../base-model.ts'
import { KeyValueCache } from '../generate/key-value-cache.ts'
import { loadGenerator } from '../load-generator.ts'
import { readBaseFolder } from '../weights/base-folder.ts'
import { importModel } from '../weights/import-model.ts'
import {
  exportTiny,
  tinyConversations,
  tinyForms,
  tinySource,
  tinyTuned,
  writtenConversations,
  writeTinyExports,
  type TinyTuned,
} from './testing/tiny-exports.ts'

/** What another program made of one export. */
interface Golden {
  /** Of the files that it read. */
  readonly sha256: Readonly<Record<string, string>>
  /** Digests of each conversation's token ids. */
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
/** What Go's text/template wrote by the template of each Modelfile, as digests. */
const ollama = JSON.parse(readFileSync(join(fixtures, 'ollama-template.json'), 'utf8')) as Readonly<
  Record<string, { readonly template: string; readonly renderings: readonly string[] }>
>

/**
 * Largest difference of a probability: computed by the other program, and read here again. llama.cpp keeps keys and values
 * in F16, and rounds activations to suit each weight's type.
 */
const tolerance: Readonly<Record<string, { readonly there: number; readonly here: number }>> = {
  'folder-f32': { there: 1e-5, here: 1e-5 },
  'folder-bf16': { there: 5e-3, here: 5e-3 },
  'folder-f16': { there: 1e-3, here: 1e-3 },
  'peft-adapter': { there: 1e-5, here: 0 },
  'gguf-adapter': { there: 1e-2, here: 0 },
  'gguf-f16': { there: 2e-3, here: 1e-3 },
  'gguf-q8': { there: 1e-2, here: 1e-2 },
  'gguf-adapter-of-folder': { there: 1e-3, here: 0 },
  'gguf-f32-of-folder': { there: 1e-3, here: 1e-5 },
}
const python = process.env['HONE_PYTHON']
const peer = join('bench', 'peers', 'llama-cpp')
const hasPeer = existsSync(join(peer, 'node_modules', 'node-llama-cpp'))
if (!hasPeer) process.stderr.write(`llama.cpp does not read the exports anew: not installed in ${peer}\n`)

const folder = mkdtempSync(join(tmpdir(), 'hone-exports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Answers {
  /** Digests of token ids as other programs see them: special tokens in a text are special. */
  readonly tokens: readonly string[]
  /** Token ids of the written conversations as they are asked here. */
  readonly asked: readonly (readonly number[])[]
  /** Of all tokens. */
  readonly first: readonly Float64Array[]
}

let conversations: ReturnType<typeof tinyConversations>
let template: ChatTemplate
let own: Answers

beforeAll(async () => {
  const tiny = await tinyTuned(join(folder, 'models', 'own'), 'gguf')
  conversations = tinyConversations(tiny.text)
  template = tiny.text.template
  own = await answersOf(tiny.baseFolder, tiny.adapter)
})

const digest = (content: BinaryLike): string => createHash('sha256').update(content).digest('hex')

async function answersOf(baseFolder: string, adapter: Adapter | undefined): Promise<Answers> {
  const cacheFolder = join(folder, 'cache')
  const base = await openBaseModel(baseFolder, { cacheFolder })
  const { tokenizer, chatText } = base.text
  const ids = conversations.map((messages) =>
    tokenizer.encode(base.text.template.render(messages, { addGenerationPrompt: true }), { special: true }),
  )
  await using loaded = await loadGenerator(base, adapter, cacheFolder, { threads: 1 })
  const { model } = loaded
  const first: Float64Array[] = []
  for (const each of ids) {
    const logits = await model.advance([each], model.emptyPrefix, new KeyValueCache(base.config, 1))
    const exponentials = Float64Array.from(logits, (logit) => Math.exp(logit))
    const total = exponentials.reduce((sum, value) => sum + value, 0)
    first.push(exponentials.map((value) => value / total))
  }
  return {
    tokens: ids.map((each) => digest(each.join(' ')).slice(0, 12)),
    asked: writtenConversations.map((messages) => chatText.encodePrompt(messages)),
    first,
  }
}

async function adapterOf(baseFolder: string, adapterFolder: string): Promise<Adapter> {
  const { architecture, config } = await readBaseFolder(baseFolder)
  return readAdapter(adapterFolder, architecture, config)
}

/** An export as a base of this home, with the adapter that lies beside it. */
async function importedAgain(
  name: string,
  { home, baseFolder, adapterFolder }: TinyTuned,
): Promise<{ readonly baseFolder: string; readonly adapter: Adapter | undefined }> {
  const out = join(folder, name)
  const form = tinyForms[name]?.form
  if (form === 'adapter') {
    const { folder: tuned } = await importAdapter(out, { home, base: baseFolder, id: 'again' })
    return { baseFolder, adapter: await adapterOf(baseFolder, join(tuned, 'adapter')) }
  }
  const file = { merged: '', 'gguf-merged': 'model.gguf', 'gguf-adapter': 'base.gguf' }[form ?? 'merged']
  const { folder: again } = await importModel(join(out, file), { home, id: 'again' })
  return {
    baseFolder: again,
    adapter: form === 'gguf-adapter' ? await adapterOf(again, adapterFolder) : undefined,
  }
}

function expectParity({ tokens, first }: Pick<Golden, 'tokens' | 'first'>, limit: number): void {
  expect(tokens).toHaveLength(100)
  expect(tokens).toEqual(own.tokens)
  const differences = first.flatMap((probabilities, index) =>
    Object.entries(probabilities).map(([token, probability]) =>
      Math.abs(probability - (own.first[index]?.[Number(token)] ?? Number.NaN)),
    ),
  )
  expect(differences).toHaveLength(100 * 6)
  expect(Math.max(...differences)).toBeLessThan(limit)
}

test('there is a golden of every form', () => {
  expect(Object.keys(goldens).toSorted()).toEqual(Object.keys(tinyForms).toSorted())
  const gguf = Object.keys(tinyForms).filter((name) => name.startsWith('gguf-'))
  expect(Object.keys(ollama).toSorted()).toEqual(gguf.toSorted())
})

test('what is asked here is what other programs see of conversations without special tokens', () => {
  expect(own.asked).toHaveLength(50)
  expect(own.asked.map((ids) => digest(ids.join(' ')).slice(0, 12))).toEqual(own.tokens.slice(0, 50))
})

describe.each(Object.keys(tinyForms))('%s', (name) => {
  const golden = goldens[name]

  test('is what the other program read, byte for byte', async () => {
    await exportTiny(folder, name)
    const files = Object.entries(golden?.sha256 ?? {})
    expect(files.length).toBeGreaterThan(0)
    for (const [file, sha256] of files) {
      expect([file, digest(readFileSync(join(folder, name, file)))]).toEqual([file, sha256])
    }
  })

  test('gives the same tokens and first answers there as here', () => {
    expect(golden).toBeDefined()
    if (golden !== undefined) expectParity(golden, tolerance[name]?.there ?? 0)
  })

  test('gives the same tokens and first answers when it is imported again', async () => {
    const { baseFolder, adapter } = await importedAgain(name, await tinySource(folder, name))
    const again = await answersOf(baseFolder, adapter)
    expect(again.tokens).toEqual(own.tokens)
    expect(again.asked).toEqual(own.asked)
    const differences = again.first.flatMap((probabilities, index) =>
      Array.from(probabilities, (value, token) =>
        Math.abs(value - (own.first[index]?.[token] ?? Number.NaN)),
      ),
    )
    expect(differences.length).toBeGreaterThan(100 * 200)
    const largest = differences.reduce((most, value) => Math.max(most, value), 0)
    expect(largest).toBeLessThanOrEqual(tolerance[name]?.here ?? 0)
  })
})

test.each(Object.keys(ollama))(
  'the Modelfile of %s writes conversations as the chat template does',
  (name) => {
    const modelfile = readFileSync(join(folder, name, 'Modelfile'), 'utf8')
    const source = /\nTEMPLATE """(.*?)"""/s.exec(modelfile)?.[1] ?? ''
    expect(digest(source).slice(0, 12)).toBe(ollama[name]?.template)
    expect(conversations).toHaveLength(100)
    const rendered = conversations.map((messages) =>
      digest(template.render(messages, { addGenerationPrompt: true })).slice(0, 12),
    )
    expect(rendered).toEqual(ollama[name]?.renderings)
  },
)

if (python === undefined)
  process.stderr.write('the PEFT that is installed is not asked: HONE_PYTHON is not set\n')
// HONE_PYTHON names a Python with the packages of bench/peers/requirements.txt.
test.skipIf(python === undefined)(
  'the transformers and PEFT that are installed read the exports alike',
  () => {
    writeFileSync(join(folder, 'conversations.json'), JSON.stringify(conversations))
    const output = join(folder, 'transformers.json')
    const script = join('bench', 'peers', 'export_goldens.py')
    execFileSync(python ?? '', [script, folder, output], { stdio: 'ignore' })
    const found = Object.entries(readGoldens(output))
    expect(found).toHaveLength(4)
    for (const [name, golden] of found) expectParity(golden, tolerance[name]?.there ?? 0)
  },
)

test.skipIf(!hasPeer)('the llama.cpp that is installed reads the exports alike', async () => {
  const exports = join(folder, 'anew')
  await writeTinyExports(exports)
  const output = join(folder, 'llama-cpp.json')
  execFileSync(process.execPath, [join(peer, 'export-goldens.mjs'), exports, output], { stdio: 'ignore' })
  const found = Object.entries(readGoldens(output))
  expect(found).toHaveLength(5)
  for (const [name, golden] of found) expectParity(golden, tolerance[name]?.there ?? 0)
})
