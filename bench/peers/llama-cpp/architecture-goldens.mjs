/**
 * What llama.cpp makes of models of every architecture that were exported as GGUF: the likeliest next tokens after the
 * beginnings of given sequences of tokens.
 *
 *   npx tsx bench/peers/architecture-exports.ts FOLDER
 *   cd bench/peers/llama-cpp && npm install --ignore-scripts
 *   node architecture-goldens.mjs FOLDER [OUTPUT.json]
 *
 * Writes src/engine/export/fixtures/llama-cpp-architectures.json.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { likeliestTokens, withModel } from './likeliest-tokens.mjs'

const [folder, output] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node architecture-goldens.mjs FOLDER [OUTPUT.json]')
const sequences = JSON.parse(readFileSync(join(folder, 'sequences.json'), 'utf8'))

/** As [sequence, length]: shorter than every window, as long as the longest one, and whole sequences. */
const beginnings = [
  [0, 4],
  [0, 9],
  [0, 12],
  [1, 29],
]
const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

const goldens = {}
for (const name of readdirSync(folder).toSorted()) {
  const tokens = sequences[name.split('.')[0]]
  if (tokens === undefined) continue
  const lora = join(folder, name, 'adapter.gguf')
  const adapter = existsSync(lora) ? lora : undefined
  const model = join(folder, name, adapter === undefined ? 'model.gguf' : 'base.gguf')
  const next = await withModel(model, adapter, async (_, sequence) => {
    const all = []
    for (const [index, length] of beginnings) {
      const likeliest = await likeliestTokens(sequence, tokens[index].slice(0, length))
      all.push({ sequence: index, length, likeliest })
    }
    return all
  })
  const files = adapter === undefined ? [model] : [model, adapter]
  goldens[name] = { sha256: files.map(sha256), next }
}
const own = fileURLToPath(
  new URL('../../../src/engine/export/fixtures/llama-cpp-architectures.json', import.meta.url),
)
writeFileSync(output ?? own, `${JSON.stringify(goldens)}\n`)
process.exit(0)
