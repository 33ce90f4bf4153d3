import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readAdapter } from '../adapter/adapter-files.ts'
import { architectures } from '../arch/registry.ts'
import { openBaseModel } from '../base-model.ts'
import { KeyValueCache } from '../generate/key-value-cache.ts'
import { loadGenerator } from '../load-generator.ts'
import { goldenTensors, loadTinyModel, referenceModels, relativeDifference } from '../testing/tiny-model.ts'
import { importModel } from '../weights/import-model.ts'
import {
  exportReference,
  ggufForms,
  notWritten,
  writeArchitectureExports,
} from './testing/architecture-exports.ts'

/** What llama.cpp made of one export. */
interface Golden {
  /** Of the files that it read. */
  readonly sha256: readonly string[]
  readonly next: readonly {
    readonly sequence: number
    /** Tokens of the sequence that it was given. */
    readonly length: number
    /** Probabilities of the six likeliest tokens. */
    readonly likeliest: Readonly<Record<string, number>>
  }[]
}

const readGoldens = (file: string): Readonly<Record<string, Golden>> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, Golden>

const goldens = readGoldens(join('src', 'engine', 'export', 'fixtures', 'llama-cpp-architectures.json'))

/** Largest difference from transformers: of a logit, read here, in parts of the largest one, and of a probability by llama.cpp,
 * which keeps keys and values in F16 and rounds activations where weights are Q8_0. */
const tolerance: Readonly<Record<string, { readonly here: number; readonly there: number }>> = {
  f32: { here: 2e-5, there: 3e-3 },
  f16: { here: 5e-3, there: 3e-3 },
  q8: { here: 0.15, there: 4e-2 },
  adapter: { here: 2e-5, there: 3e-3 },
}

/** Lengths at which llama.cpp computes the same model. */
const comparable: Readonly<Record<string, (length: number) => boolean>> = {
  // It has no windows in Phi-3.
  'phi3-tiny': (length) => length <= 9,
  // It rotates by the length of its context, transformers by that of the sequence, which is long beyond 16.
  'phi4-tiny': (length) => length > 16,
}

const folder = mkdtempSync(join(tmpdir(), 'hone-architectures-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const names = await referenceModels()
const written = names.filter((name) => !notWritten.includes(name))
const cases = written.flatMap((name) => Object.keys(ggufForms).map((form) => [name, form] as const))

test('every architecture is exported, with tied and with untied embeddings', async () => {
  const models = await Promise.all(written.map((name) => loadTinyModel(name)))
  const seen = new Set(models.map(({ architecture }) => architecture))
  expect(seen).toEqual(new Set(architectures))
  expect(new Set(models.map(({ config }) => config.tiedEmbeddings))).toEqual(new Set([true, false]))
})

test('there is a golden of every model in every form', () => {
  expect(Object.keys(goldens).toSorted()).toEqual(cases.map((each) => each.join('.')).toSorted())
})

test.each(notWritten)('%s is refused', async (name) => {
  const exported = exportReference(name, 'f16', join(folder, 'home'), join(folder, name))
  await expect(exported).rejects.toMatchObject({ code: 'E_MODEL_UNSUPPORTED' })
  expect(existsSync(join(folder, name))).toBe(false)
})

describe.each(cases)('%s as %s', (name, form) => {
  const out = join(folder, `${name}.${form}`)
  const golden = goldens[`${name}.${form}`]

  test('gives the logits of transformers when it is read here', async () => {
    const home = join(folder, 'home')
    await exportReference(name, form, home, out)
    const file = join(out, form === 'adapter' ? 'base.gguf' : 'model.gguf')
    const { folder: back } = await importModel(file, { home, id: 'back', replace: true })
    const cacheFolder = join(folder, 'cache', `${name}.${form}`)
    const base = await openBaseModel(back, { cacheFolder })
    const adapter =
      form === 'adapter'
        ? await readAdapter(join('test', 'fixtures', name, 'adapter'), base.architecture, base.config)
        : undefined
    await using loaded = await loadGenerator(base, adapter, cacheFolder, { threads: 1 })
    const model = await loadTinyModel(name)
    const logits = await goldenTensors(model, 'logits.safetensors')
    const { sequences } = model.goldens['logits'] as { sequences: number[][] }
    expect(sequences).toHaveLength(2)
    for (const [index, sequence] of sequences.entries()) {
      const rows = logits.get(`adapter.${index}`)?.data ?? new Float32Array()
      const cache = new KeyValueCache(base.config, 1)
      const prefix = loaded.model.emptyPrefixFor(sequence.length)
      const found: number[] = []
      for (const token of sequence) found.push(...(await loaded.model.advance([[token]], prefix, cache)))
      expect(relativeDifference(found, rows)).toBeLessThan(tolerance[form]?.here ?? 0)
    }
  })

  test('is what llama.cpp read, byte for byte', () => {
    const files = form === 'adapter' ? ['base.gguf', 'adapter.gguf'] : ['model.gguf']
    const found = files.map((file) =>
      createHash('sha256')
        .update(readFileSync(join(out, file)))
        .digest('hex'),
    )
    expect(found).toEqual(golden?.sha256)
  })

  test('has the probabilities of transformers in llama.cpp', async () => {
    expect(golden).toBeDefined()
    if (golden !== undefined) await expectProbabilities(name, form, golden)
  })
})

async function expectProbabilities(name: string, form: string, { next }: Golden): Promise<void> {
  const model = await loadTinyModel(name)
  const logits = await goldenTensors(model, 'logits.safetensors')
  const compared = next.filter(({ length }) => comparable[name]?.(length) ?? true)
  expect(compared.length).toBeGreaterThan(0)
  for (const { sequence, length, likeliest } of compared) {
    const size = model.config.vocabularySize
    const rows = logits.get(`adapter.${sequence}`)?.data ?? new Float32Array()
    const row = [...rows.subarray((length - 1) * size, length * size)]
    const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0)
    expect(Object.keys(likeliest)).toHaveLength(6)
    for (const [token, probability] of Object.entries(likeliest)) {
      const expected = Math.exp(row[Number(token)] ?? Number.NaN) / total
      expect(Math.abs(probability - expected), `${length} tokens, ${token}`).toBeLessThan(
        tolerance[form]?.there ?? 0,
      )
    }
  }
}

const peer = join('bench', 'peers', 'llama-cpp')
const hasPeer = existsSync(join(peer, 'node_modules', 'node-llama-cpp'))
if (!hasPeer) process.stderr.write(`llama.cpp does not read the exports anew: not installed in ${peer}\n`)

test.skipIf(!hasPeer)('the llama.cpp that is installed reads every export alike', async () => {
  const exports = join(folder, 'exports')
  await writeArchitectureExports(exports, names)
  const output = join(folder, 'llama-cpp.json')
  execFileSync(process.execPath, [join(peer, 'architecture-goldens.mjs'), exports, output], {
    stdio: 'ignore',
  })
  const found = Object.entries(readGoldens(output))
  expect(found).toHaveLength(cases.length)
  for (const [key, golden] of found) {
    const [name = '', form = ''] = key.split('.')
    await expectProbabilities(name, form, golden)
  }
})
