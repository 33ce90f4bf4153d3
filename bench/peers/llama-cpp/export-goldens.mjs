/**
 * What llama.cpp makes of exported models: token ids of rendered conversations, and the most probable first tokens of the
 * answer.
 *
 *   npx tsx bench/peers/export-inputs.ts FOLDER
 *   cd bench/peers/llama-cpp && npm install --ignore-scripts
 *   node export-goldens.mjs FOLDER [OUTPUT.json]
 *
 * Writes src/engine/export/fixtures/llama-cpp.json.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getLlama } from 'node-llama-cpp'

const [folder, output] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node export-goldens.mjs FOLDER [OUTPUT.json]')
const prompts = JSON.parse(readFileSync(join(folder, 'prompts.json'), 'utf8'))
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' })

async function answersOf(modelPath, adapter) {
  const model = await llama.loadModel({ modelPath: resolve(modelPath) })
  const context = await model.createContext({
    contextSize: 256,
    threads: 1,
    ...(adapter === undefined ? {} : { lora: { adapters: [{ filePath: resolve(adapter), scale: 1 }] } }),
  })
  const sequence = context.getSequence()
  const tokens = []
  const first = []
  for (const text of prompts) {
    const ids = model.tokenize(text, true)
    await sequence.clearHistory()
    const options = { temperature: 1, topK: 0, topP: 1, minP: 0 }
    const wanted = { generateNext: { probabilities: true, options } }
    const outputs = await sequence.controlledEvaluate([...ids.slice(0, -1), [ids.at(-1), wanted]])
    const best = [...outputs.at(-1).next.probabilities]
      .toSorted((left, right) => right[1] - left[1])
      .slice(0, 6)
    tokens.push(ids)
    first.push(Object.fromEntries(best.map(([id, p]) => [id, Number(p.toPrecision(5))])))
  }
  await model.dispose()
  return { tokens, first }
}

const goldens = {}
for (const name of readdirSync(folder).filter((each) => each.startsWith('gguf-'))) {
  const adapter = join(folder, name, 'adapter.gguf')
  const isMerged = !existsSync(adapter)
  const model = join(folder, name, isMerged ? 'model.gguf' : 'base.gguf')
  const sha256 = Object.fromEntries(
    (isMerged ? [model] : [model, adapter]).map((file) => [
      file.slice(join(folder, name).length + 1),
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    ]),
  )
  const { tokens, first } = await answersOf(model, isMerged ? undefined : adapter)
  goldens[name] = { sha256, tokens: tokens.map((ids) => ids.join(' ')), first }
}
const own = fileURLToPath(new URL('../../../src/engine/export/fixtures/llama-cpp.json', import.meta.url))
writeFileSync(output ?? own, `${JSON.stringify(goldens)}\n`)
