/**
 * Token ids of llama.cpp for every file of gguf_tokenizers.py, as hashes, for the tests of src/text.
 *
 *   node gguf-token-goldens.mjs ../../../inputs.json FOLDER
 *
 * Writes src/text/fixtures/gguf-llama-cpp.json. Kinds of pre-tokenizers with equal answers are kept once.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { getLlama } from 'node-llama-cpp'

const [inputs, folder] = process.argv.slice(2)
if (inputs === undefined || folder === undefined) {
  throw new Error('usage: node gguf-token-goldens.mjs INPUTS.json FOLDER')
}
const strings = JSON.parse(readFileSync(inputs, 'utf8')).strings.slice(0, 400)
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' })

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 6)
const idsOf = (model, special) => strings.map((text) => model.tokenize(text, special))
const hashes = (lists) => lists.map((ids) => hash(ids.join(','))).join('')

const goldens = { strings: strings.length, kinds: {}, kindHashes: {}, models: {} }
for (const file of readdirSync(folder).toSorted()) {
  if (!file.endsWith('.gguf')) continue
  const model = await llama.loadModel({ modelPath: resolve(join(folder, file)), vocabOnly: true })
  const name = file.slice(0, -'.gguf'.length)
  const plain = idsOf(model, false)
  if (name.startsWith('pre-')) {
    const kind = name.slice('pre-'.length)
    const plainHashes = hashes(plain)
    const same = Object.keys(goldens.kindHashes).find((each) => goldens.kindHashes[each] === plainHashes)
    if (same === undefined) goldens.kindHashes[kind] = plainHashes
    goldens.kinds[kind] = same ?? kind
  } else {
    const special = idsOf(model, true)
    goldens.models[name] = {
      plain: hashes(plain),
      special: hashes(special),
      decoded: special.map((ids) => hash(model.detokenize(ids, true))).join(''),
    }
  }
  await model.dispose()
}
const target = new URL('../../../src/text/fixtures/gguf-llama-cpp.json', import.meta.url)
writeFileSync(target, `${JSON.stringify(goldens, undefined, 1)}\n`)
