import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readBaseFolder } from '../base-folder.ts'
import { importModel } from '../import-model.ts'
import { writeSafetensors, type Tensor } from '../safetensors.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const tinyGguf: string = fileURLToPath(new URL('../fixtures/tiny-llama.gguf', import.meta.url))

/** The tiny model as a folder of the hub, in one file or in two shards; removed when the test ends. */
export async function huggingFaceFolder(shards: boolean): Promise<string> {
  const { folder } = await importModel(tinyGguf, { home: temporaryFolder(), id: 'tiny' })
  const base = await readBaseFolder(folder)
  const source = await base.openWeights()
  const tensors = new Map<string, Tensor>()
  for (const { name, shape } of base.specs) tensors.set(name, { shape, data: await source.read(name) })
  await source.close()
  const out = join(temporaryFolder(), 'Tiny Llama')
  mkdirSync(out)
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    cpSync(join(folder, name), join(out, name))
  }
  writeFileSync(join(out, 'README.md'), '---\nlanguage: en\nlicense: mit\n---\n# Tiny\n')
  if (!shards) {
    await writeSafetensors(join(out, 'model.safetensors'), tensors)
    return out
  }
  const halves = [[...tensors].slice(0, 9), [...tensors].slice(9)]
  const weightMap: Record<string, string> = {}
  for (const [index, half] of halves.entries()) {
    const name = `model-0000${index + 1}-of-00002.safetensors`
    await writeSafetensors(join(out, name), new Map(half))
    for (const [tensor] of half) weightMap[tensor] = name
  }
  writeFileSync(join(out, 'model.safetensors.index.json'), JSON.stringify({ weight_map: weightMap }))
  return out
}
