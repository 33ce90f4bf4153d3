/**
 * How fast llama.cpp reads and writes tokens, one measurement for each line of JSON on standard input:
 *
 *   {"kind": "prefill", "tokens": [512 token ids]}
 *   {"kind": "decode", "prompts": [[token ids] per sequence], "next": [[token ids to be read one at a time] per sequence]}
 *
 * answered by {"milliseconds": …} on one line. Decoding is fed with given tokens, so that every program does the same
 * work; each step computes the logits and chooses the likeliest token.
 *
 *   cd bench/peers/llama-cpp && npm install --ignore-scripts
 *   node generation-speed.mjs MODEL.gguf [THREADS]
 */
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { getLlama } from 'node-llama-cpp'

const [modelPath, threads = '2'] = process.argv.slice(2)
if (modelPath === undefined) throw new Error('usage: node generation-speed.mjs MODEL.gguf [THREADS]')
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error', maxThreads: Number(threads) })
const model = await llama.loadModel({ modelPath: resolve(modelPath) })
const context = await model.createContext({
  contextSize: 2048,
  sequences: 16,
  batchSize: 512,
  threads: Number(threads),
})
const sequences = Array.from({ length: 16 }, () => context.getSequence())

const measures = {
  async prefill({ tokens }) {
    const [sequence] = sequences
    const started = performance.now()
    await sequence.controlledEvaluate([
      ...tokens.slice(0, -1),
      [tokens.at(-1), { generateNext: { token: true, options: { temperature: 0 } } }],
    ])
    return performance.now() - started
  },
  async decode({ prompts, next }) {
    await Promise.all(
      prompts.map((prompt, index) => sequences[index].evaluateWithoutGeneratingNewTokens(prompt)),
    )
    const started = performance.now()
    await Promise.all(
      next.map(async (tokens, index) => {
        for (const token of tokens) {
          await sequences[index].controlledEvaluate([
            [token, { generateNext: { token: true, options: { temperature: 0 } } }],
          ])
        }
      }),
    )
    return performance.now() - started
  },
}

process.stdout.write('{"ready": true}\n')
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  const milliseconds = await measures[request.kind](request)
  for (const sequence of sequences) await sequence.clearHistory()
  process.stdout.write(`${JSON.stringify({ milliseconds })}\n`)
}
process.exit(0)
