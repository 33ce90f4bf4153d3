/**
 * Token ids of llama.cpp, as hashes, for the tests of src/text.
 *
 *   npx tsx bench/peers/text-inputs.ts > inputs.json
 *   cd bench/peers/llama-cpp && npm install --ignore-scripts
 *   node token-goldens.mjs ../../../inputs.json SmolLM2-135M-Instruct.Q4_1.gguf
 *
 * Writes src/text/fixtures/smollm2-llama-cpp.json.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { getLlama } from 'node-llama-cpp'

const [inputs, modelPath] = process.argv.slice(2)
if (inputs === undefined || modelPath === undefined) {
  throw new Error('usage: node token-goldens.mjs INPUTS.json MODEL.gguf')
}
const { strings } = JSON.parse(readFileSync(inputs, 'utf8'))
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' })
const model = await llama.loadModel({ modelPath: resolve(modelPath), vocabOnly: true })

const hashes = (special) =>
  strings
    .map((text) => model.tokenize(text, special).join(','))
    .map((ids) => createHash('sha256').update(ids).digest('hex').slice(0, 6))
    .join('')

const goldens = { plain: hashes(false), special: hashes(true) }
const target = new URL('../../../src/text/fixtures/smollm2-llama-cpp.json', import.meta.url)
writeFileSync(target, `${JSON.stringify(goldens, undefined, 1)}\n`)
await model.dispose()
