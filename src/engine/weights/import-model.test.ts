import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { loadModelText } from '../../text/load-chat-text.ts'
import { readBaseFolder } from './base-folder.ts'
import { importModel } from './import-model.ts'
import type { ModelEvent } from './model-events.ts'
import { huggingFaceFolder } from './testing/hugging-face-folder.ts'
import { sha256OfNumbers } from './testing/sha256-of-numbers.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const tiny = fileURLToPath(new URL('fixtures/tiny-llama.gguf', import.meta.url))
const goldens: { sha256: Record<string, string> } = JSON.parse(
  readFileSync(new URL('fixtures/tiny-llama.json', import.meta.url), 'utf8'),
)

const mixed = fileURLToPath(new URL('fixtures/mixed-llama.gguf', import.meta.url))
const mixedGoldens: typeof goldens = JSON.parse(
  readFileSync(new URL('fixtures/mixed-llama.json', import.meta.url), 'utf8'),
)

async function hashesOf(folder: string): Promise<Record<string, string>> {
  const base = await readBaseFolder(folder)
  const source = await base.openWeights()
  const hashes: Record<string, string> = {}
  for (const { name } of base.specs) hashes[name] = sha256OfNumbers(await source.read(name))
  await source.close()
  return hashes
}

describe('a GGUF file', () => {
  test('becomes a folder of the usual layout', async () => {
    const home = temporaryFolder()
    const events: ModelEvent[] = []
    const { folder, manifest } = await importModel(tiny, { home, onEvent: (event) => events.push(event) })
    expect(folder).toBe(join(home, 'models', 'tiny-llama'))
    expect(readdirSync(folder).toSorted()).toEqual([
      'config.json',
      'manifest.json',
      'model.gguf',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    expect(readdirSync(join(home, 'models'))).toEqual(['tiny-llama'])
    const sha256 = manifest.weights[0]?.sha256
    expect(manifest).toEqual({
      schema: 1,
      kind: 'base',
      id: 'tiny-llama',
      architecture: 'llama',
      parameters: 27_040,
      contextLength: 64,
      licence: 'apache-2.0',
      source: { kind: 'file', name: tiny, files: [{ name: 'tiny-llama.gguf', bytes: 28_000, sha256 }] },
      weights: [{ name: 'model.gguf', bytes: 28_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual(manifest)
    const config = JSON.parse(readFileSync(join(folder, 'tokenizer_config.json'), 'utf8'))
    expect(config).toMatchObject({
      eos_token: '<|im_end|>',
      chat_template: expect.stringContaining('im_start'),
    })
    expect(events.at(-1)).toMatchObject({
      type: 'model-ready',
      id: 'tiny-llama',
      bytes: 28_000,
      reused: false,
    })
  })

  test('its weights are those of the model before conversion', async () => {
    const { folder } = await importModel(tiny, { home: temporaryFolder() })
    expect(await hashesOf(folder)).toEqual(goldens.sha256)
  })

  test('of other types and with a score-merge tokenizer is the model that was written', async () => {
    const { folder, manifest } = await importModel(mixed, { home: temporaryFolder() })
    expect(manifest.parameters).toBe(76_384)
    expect(await hashesOf(folder)).toEqual(mixedGoldens.sha256)
    const { tokenizer, chatText } = await loadModelText(folder)
    const ids = chatText.encodePrompt([{ role: 'user', content: 'hello </s>' }])
    expect(ids.filter((id) => id === 1)).toEqual([1])
    expect(ids.filter((id) => id === 2)).toEqual([2])
    expect([ids[0], ids.at(-1)]).toEqual([1, 2])
    expect(tokenizer.decode(ids, { special: true })).toBe('<s> [user] hello </s></s>')
  })

  test('with a type that is not read is refused by tensor, type and what is', async () => {
    const bytes = readFileSync(mixed)
    const name = 'blk.1.ffn_up.weight'
    // After the name: the number of dimensions, two of them, and the type.
    bytes.writeUInt32LE(29, bytes.indexOf(name) + name.length + 4 + 16)
    const file = join(temporaryFolder(), 'x.gguf')
    writeFileSync(file, bytes)
    const home = temporaryFolder()
    await expect(importModel(file, { home })).rejects.toMatchObject({
      code: 'E_MODEL_UNSUPPORTED',
      message: 'tensor "blk.1.ffn_up.weight" is stored as IQ1_M, which is not supported',
      hint: expect.stringMatching(/Q6_K.*Q4_K.*IQ4_NL/),
      at: { file },
    })
    expect(readdirSync(home)).toEqual([])
  })

  test('with weights that the architecture does not use is refused', async () => {
    const bytes = readFileSync(tiny)
    const name = bytes.indexOf('blk.1.ffn_up.weight')
    bytes.write('rope_freqs', name)
    const file = join(temporaryFolder(), 'x.gguf')
    writeFileSync(file, bytes)
    await expect(importModel(file, { home: temporaryFolder() })).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: 'the weights lack model.layers.1.mlp.up_proj.weight',
    })
  })

  test('of an architecture that is not supported is refused by name', async () => {
    const bytes = readFileSync(tiny)
    bytes.write('mamba', bytes.indexOf('llama'))
    const file = join(temporaryFolder(), 'x.gguf')
    writeFileSync(file, bytes)
    await expect(importModel(file, { home: temporaryFolder() })).rejects.toMatchObject({
      code: 'E_MODEL_UNSUPPORTED',
      message: expect.stringContaining('mamba'),
      hint: expect.stringContaining('llama'),
    })
  })
})

describe('a Hugging Face folder', () => {
  test.each([
    ['one file', false],
    ['two shards', true],
  ])('of %s', async (_name, shards) => {
    const source = await huggingFaceFolder(shards)
    const { folder, manifest } = await importModel(source, { home: temporaryFolder() })
    expect(manifest).toMatchObject({
      id: 'tiny-llama',
      licence: 'mit',
      source: { kind: 'folder', name: source },
    })
    expect(manifest.weights).toHaveLength(shards ? 2 : 1)
    expect(await hashesOf(folder)).toEqual(goldens.sha256)
  })

  test('all that is missing is named at once', async () => {
    const source = await huggingFaceFolder(false)
    rmSync(join(source, 'tokenizer.json'))
    rmSync(join(source, 'tokenizer_config.json'))
    renameSync(join(source, 'model.safetensors'), join(source, 'pytorch_model.bin'))
    await expect(importModel(source, { home: temporaryFolder() })).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringMatching(/tokenizer\.json; model\.safetensors.*; a chat template/),
      hint: expect.stringContaining('PyTorch'),
    })
  })

  test('a template in chat_template.jinja and token names in special_tokens_map.json are taken in', async () => {
    const source = await huggingFaceFolder(false)
    const config = JSON.parse(readFileSync(join(source, 'tokenizer_config.json'), 'utf8'))
    writeFileSync(join(source, 'chat_template.jinja'), config.chat_template)
    writeFileSync(join(source, 'special_tokens_map.json'), JSON.stringify({ eos_token: config.eos_token }))
    const { chat_template: _template, eos_token: _token, ...rest } = config
    writeFileSync(join(source, 'tokenizer_config.json'), JSON.stringify(rest))
    const { folder } = await importModel(source, { home: temporaryFolder() })
    expect(JSON.parse(readFileSync(join(folder, 'tokenizer_config.json'), 'utf8'))).toEqual(config)
  })

  test.each<[string, string, (config: Record<string, unknown>) => void, string]>([
    ['another shape', 'config.json', (json) => (json['hidden_size'] = 64), 'E_MODEL_FILE'],
    [
      'more layers than tensors',
      'config.json',
      (json) => (json['num_hidden_layers'] = 2 ** 30),
      'E_MODEL_FILE',
    ],
    ['fewer layers', 'config.json', (json) => (json['num_hidden_layers'] = 1), 'E_MODEL_UNSUPPORTED'],
    [
      'an unknown architecture',
      'config.json',
      (json) => (json['architectures'] = ['X']),
      'E_MODEL_UNSUPPORTED',
    ],
    ['no architecture', 'config.json', (json) => (json['architectures'] = []), 'E_MODEL_FILE'],
    ['a broken template', 'tokenizer_config.json', (json) => (json['chat_template'] = '{% if'), 'E_TEMPLATE'],
  ])('with %s is refused and leaves nothing', async (_name, file, change, code) => {
    const source = await huggingFaceFolder(false)
    const json = JSON.parse(readFileSync(join(source, file), 'utf8'))
    change(json)
    writeFileSync(join(source, file), JSON.stringify(json))
    const home = temporaryFolder()
    await expect(importModel(source, { home })).rejects.toMatchObject({ code })
    expect(existsSync(join(home, 'models'))).toBe(false)
  })
})

describe('the home', () => {
  let home = ''
  beforeEach(() => {
    home = temporaryFolder()
  })

  test('an id that is taken is refused, or replaced when that is said', async () => {
    const first = await importModel(tiny, { home, id: 'a' })
    await expect(importModel(tiny, { home, id: 'a' })).rejects.toMatchObject({ code: 'E_EXISTS' })
    writeFileSync(join(first.folder, 'stray'), '')
    await importModel(tiny, { home, id: 'a', replace: true })
    expect(existsSync(join(first.folder, 'stray'))).toBe(false)
    expect(readdirSync(join(home, 'models'))).toEqual(['a'])
  })

  test('what a killed import left is cleared, other models stay', async () => {
    const models = join(home, 'models')
    mkdirSync(join(models, '.a.0123abcd.tmp'), { recursive: true })
    mkdirSync(join(models, '.a.b.0123abcd.tmp'))
    await importModel(tiny, { home, id: 'a' })
    expect(readdirSync(models).toSorted()).toEqual(['.a.b.0123abcd.tmp', 'a'])
  })

  test('a model whose replacement was killed halfway is put back', async () => {
    const { folder } = await importModel(tiny, { home, id: 'a' })
    renameSync(folder, join(home, 'models', '.a.0123abcd.tmp.old'))
    await expect(importModel(tiny, { home, id: 'a' })).rejects.toMatchObject({ code: 'E_EXISTS' })
    expect(readdirSync(join(home, 'models'))).toEqual(['a'])
  })

  test('two imports of one id at once: one wins', async () => {
    const results = await Promise.allSettled([
      importModel(tiny, { home, id: 'a' }),
      importModel(tiny, { home, id: 'a' }),
    ])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('a stopped import leaves nothing', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(importModel(tiny, { home, signal })).rejects.toThrow('stopped')
    expect(existsSync(join(home, 'models')) ? readdirSync(join(home, 'models')) : []).toEqual([])
  })

  test.each([
    ['nowhere', 'no such file'],
    [fileURLToPath(import.meta.url), 'neither a folder nor a .gguf file'],
  ])('%s is no source', async (source, words) => {
    await expect(importModel(source, { home })).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringContaining(words),
    })
  })
})
