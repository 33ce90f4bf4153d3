import { shortestFloat } from '../../lib/shortest-float.ts'
import type { GgufMapping } from '../arch/gguf-mapping.ts'
import type { GgufFile } from './gguf.ts'

/** `config.json` of a GGUF file, in Hugging Face terms. */
export async function ggufConfigJson(gguf: GgufFile, mapping: GgufMapping): Promise<Record<string, unknown>> {
  const settings = new Map<string, number[]>()
  for (const name of mapping.settings) {
    if (gguf.tensors.has(name)) settings.set(name, Array.from(await gguf.read(name), shortestFloat))
  }
  return {
    ...mapping.config(gguf.metadata, { names: new Set(gguf.tensors.keys()), settings }),
    // Nothing in the metadata says so: the file of a model with tied embeddings has no projection of its own.
    tie_word_embeddings: !gguf.tensors.has(mapping.tensorName('lm_head.weight')),
  }
}
