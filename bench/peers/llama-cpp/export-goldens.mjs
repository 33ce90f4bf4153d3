/**
 * What llama.cpp makes of exported models: digests of the token ids of rendered conversations, and the most probable first
 * tokens of the answer.
 *
 *   npx tsx bench/peers/export-inputs.ts FOLDER
 *   cd bench/peers/llama-cpp && npm install --ignore-scripts
 *   node export-goldens.mjs FOLDER [OUTPUT.json]
 *
 * Writes src/engine/export/fixtures/llama-cpp.json.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { likeliestTokens, withModel } from './likeliest-tokens.mjs'

const [folder, output] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node export-goldens.mjs FOLDER [OUTPUT.json]')
const prompts = JSON.parse(readFileSync(join(folder, 'prompts.json'), 'utf8'))

const answersOf = (modelPath, adapter) =>
  withModel(modelPath, adapter, async (model, sequence) => {
    const tokens = prompts.map((text) => model.tokenize(text, true))
    const first = []
    for (const ids of tokens) first.push(await likeliestTokens(sequence, ids))
    return { tokens, first }
  })

const digest = (content) => createHash('sha256').update(content).digest('hex')

const goldens = {}
for (const name of readdirSync(folder).filter((each) => each.startsWith('gguf-'))) {
  const adapter = join(folder, name, 'adapter.gguf')
  const isMerged = !existsSync(adapter)
  const model = join(folder, name, isMerged ? 'model.gguf' : 'base.gguf')
  const sha256 = Object.fromEntries(
    (isMerged ? [model] : [model, adapter]).map((file) => [
      file.slice(join(folder, name).length + 1),
      digest(readFileSync(file)),
    ]),
  )
  const { tokens, first } = await answersOf(model, isMerged ? undefined : adapter)
  goldens[name] = { sha256, tokens: tokens.map((ids) => digest(ids.join(' ')).slice(0, 12)), first }
}
const own = fileURLToPath(new URL('../../../src/engine/export/fixtures/llama-cpp.json', import.meta.url))
writeFileSync(output ?? own, `${JSON.stringify(goldens)}\n`)
process.exit(0)
