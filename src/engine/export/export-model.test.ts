import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readBaseFolder } from '../weights/base-folder.ts'
import { openGguf } from '../weights/gguf.ts'
import { importModel } from '../weights/import-model.ts'
import { safetensorsWeights, readShardNames } from '../weights/safetensors-weights.ts'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { exportModel, type ExportedModel, type ExportOptions } from './export-model.ts'
import { writeShards } from './safetensors-shards.ts'
import { exportOptions, exportTiny, tinyTuned } from './testing/tiny-exports.ts'

async function exported(
  folder: string,
  changes: Partial<ExportOptions> & Pick<ExportOptions, 'form'>,
): Promise<ExportedModel> {
  const tuned = await tinyTuned(folder, 'gguf')
  return exportModel({ ...exportOptions(tuned, join(folder, 'out')), ...changes })
}

describe('what rounding costs', () => {
  test('is measured where numbers are rounded, more for the coarser type', async () => {
    const half = (await exportTiny(temporaryFolder(), 'gguf-f16')).rounding
    const byte = (await exportTiny(temporaryFolder(), 'gguf-q8')).rounding
    expect(half).toMatchObject({ from: 'built-in', rows: expect.any(Number) })
    expect(half?.tokens).toBeGreaterThan(10)
    expect(half?.largestDifference).toBeGreaterThan(0)
    expect(half?.largestDifference).toBeLessThan(0.02)
    expect(byte?.largestDifference).toBeGreaterThan(half?.largestDifference ?? Infinity)
    expect(byte?.roundedPerplexity).not.toBe(byte?.exactPerplexity)
    expect(byte?.exactPerplexity).toBe(half?.exactPerplexity)
  })

  test('is nothing for F32 and for adapters', async () => {
    expect((await exportTiny(temporaryFolder(), 'folder-f32')).rounding).toBeNull()
    expect((await exportTiny(temporaryFolder(), 'gguf-adapter')).rounding).toBeNull()
  })
})

describe('the files', () => {
  test('a merged folder is read here again as the same model', async () => {
    const folder = temporaryFolder()
    const { files, out, type } = await exported(folder, { form: 'merged' })
    expect(type).toBe('F32')
    expect(files.map(({ name }) => name)).toEqual([
      'chat_template.jinja',
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    expect(JSON.parse(readFileSync(join(out, 'generation_config.json'), 'utf8'))).toMatchObject({
      eos_token_id: 2,
      bos_token_id: 1,
    })
    expect(JSON.parse(readFileSync(join(out, 'export.json'), 'utf8'))).toMatchObject({
      schema: 1,
      form: 'merged',
      files,
    })
    const { folder: back } = await importModel(out, { home: join(folder, 'other'), id: 'back' })
    const { config } = await readBaseFolder(back)
    expect(config).toEqual((await readBaseFolder(join(folder, 'home', 'models', 'tiny'))).config)
  })

  test('an adapter keeps the base file beside it as it was', async () => {
    const folder = temporaryFolder()
    const { out, modelfileTemplate } = await exported(folder, {
      form: 'gguf-adapter',
      systemPrompt: 'You route claims.',
    })
    const base = readFileSync(join(folder, 'home', 'models', 'tiny', 'model.gguf'))
    expect(readFileSync(join(out, 'base.gguf')).equals(base)).toBe(true)
    expect(modelfileTemplate).toBe(true)
    const modelfile = readFileSync(join(out, 'Modelfile'), 'utf8')
    expect(modelfile).toContain(
      '\nFROM ./base.gguf\nADAPTER ./adapter.gguf\nTEMPLATE """{{ range .Messages }}',
    )
    expect(modelfile).toContain('\nSYSTEM """You route claims."""\nPARAMETER stop "<|im_end|>"\n')
    const gguf = await openGguf(join(out, 'adapter.gguf'))
    await gguf.close()
    expect([...gguf.metadata]).toEqual([
      ['general.architecture', 'llama'],
      ['general.type', 'adapter'],
      ['general.name', 'tuned'],
      ['adapter.type', 'lora'],
      ['adapter.lora.alpha', 6],
    ])
    expect(gguf.tensors.get('blk.1.attn_k.weight.lora_b')?.shape).toEqual([16, 2])
  })

  test('what the adapter does not touch keeps its bytes in a merged GGUF file', async () => {
    const folder = temporaryFolder()
    const { out } = await exported(folder, { form: 'gguf-merged', type: 'F16' })
    const merged = await openGguf(join(out, 'model.gguf'))
    await merged.close()
    expect(merged.tensors.get('token_embd.weight')?.quantization.name).toBe('Q8_0')
    expect(merged.tensors.get('blk.0.attn_q.weight')?.quantization.name).toBe('F16')
    expect(merged.tensors.get('blk.0.attn_norm.weight')?.quantization.name).toBe('F32')
    expect(merged.metadata.get('general.file_type')).toBe(1)
    expect(merged.metadata.get('tokenizer.ggml.pre')).toBe('smollm')
  })

  test('one GGUF file can be had alone', async () => {
    const folder = temporaryFolder()
    const out = join(folder, 'mine.gguf')
    const { files, modelfileTemplate } = await exported(folder, { form: 'gguf-merged', type: 'Q8_0', out })
    expect(files).toMatchObject([{ name: 'mine.gguf' }])
    expect(modelfileTemplate).toBeNull()
    await expect(exported(folder, { form: 'gguf-adapter', out })).rejects.toMatchObject({ code: 'E_EXISTS' })
  })

  test('weights larger than one file may be go into several, with an index', async () => {
    const folder = temporaryFolder()
    const { base } = await tinyTuned(folder, 'gguf')
    const source = await base.openWeights()
    const names = await writeShards(folder, source, base.specs, { type: 'F32', maximumBytes: 40_000 })
    const index = names.at(-1) ?? ''
    expect(index).toBe('model.safetensors.index.json')
    const shards = await readShardNames(join(folder, index))
    expect(shards.length).toBeGreaterThan(2)
    expect(shards).toEqual(names.slice(0, -1))
    const back = await safetensorsWeights(shards.map((name) => join(folder, name)))
    expect(back.names().toSorted()).toEqual(base.specs.map(({ name }) => name).toSorted())
    for (const { name } of base.specs) expect(await back.read(name)).toEqual(await source.read(name))
    await back.close()
    await source.close()
  })
})

describe('what is there is kept', () => {
  test('without force nothing is replaced; with it an earlier export is, and no other folder', async () => {
    const folder = temporaryFolder()
    const { out } = await exported(folder, { form: 'adapter' })
    await expect(exported(folder, { form: 'merged' })).rejects.toMatchObject({ code: 'E_EXISTS' })
    await exported(folder, { form: 'merged', force: true })
    expect(existsSync(join(out, 'adapter_config.json'))).toBe(false)
    const other = join(folder, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'thesis.txt'), 'x')
    await expect(exported(folder, { form: 'merged', force: true, out: other })).rejects.toMatchObject({
      code: 'E_EXISTS',
      hint: expect.stringContaining('remove the folder yourself'),
    })
    expect(readdirSync(other)).toEqual(['thesis.txt'])
  })

  test('an export that is stopped leaves the earlier one and nothing half-written', async () => {
    const folder = temporaryFolder()
    const { out } = await exported(folder, { form: 'adapter' })
    const before = readdirSync(out)
    const stop = new AbortController()
    const stopped = exported(folder, {
      form: 'merged',
      force: true,
      signal: stop.signal,
      onEvent: () => stop.abort(new Error('enough')),
    })
    await expect(stopped).rejects.toThrow('enough')
    expect(readdirSync(out)).toEqual(before)
    expect(readdirSync(folder).filter((name) => name.includes('.export.'))).toEqual([])
  })
})

describe('refused', () => {
  test.each<[Partial<ExportOptions> & Pick<ExportOptions, 'form'>, string, string]>([
    [{ form: 'merged', type: 'Q8_0' }, 'E_USAGE', 'Q8_0 is a type of GGUF files'],
    [{ form: 'adapter', type: 'F16' }, 'E_USAGE', 'an adapter is exported as it is'],
    [{ form: 'adapter', adapterFolder: undefined }, 'E_USAGE', 'is a base and has no adapter'],
    [{ form: 'gguf-adapter', adapterFolder: undefined }, 'E_USAGE', 'is a base and has no adapter'],
  ])('%j', async (changes, code, message) => {
    const folder = temporaryFolder()
    await expect(exported(folder, changes)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })

  test('weights that a type cannot hold', async () => {
    const folder = temporaryFolder()
    const { base } = await tinyTuned(folder, 'gguf')
    const source = await base.openWeights()
    const loud = { ...source, read: async () => new Float32Array([70_000]) }
    const specs = [{ name: 'model.norm.weight', shape: [1] }]
    await expect(writeShards(folder, loud, specs, { type: 'F16' })).rejects.toMatchObject({
      code: 'E_MODEL_UNSUPPORTED',
      message: 'tensor "model.norm.weight" holds 70000, too large for F16',
    })
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(false)
    await source.close()
  })
})
