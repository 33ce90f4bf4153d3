/**
 * How fast llama.cpp answers many at once, in one context with parallel sequences; one measurement for each line of JSON on
 * standard input:
 *
 *   {"kind": "chats", "sequences": 64, "requests": [{"prompt": [token ids], "tokens": 40}]}
 *   {"kind": "classify", "sequences": 8, "prefix": [token ids], "questions": [[token ids]], "tokens": 4}
 *
 * answered by {"milliseconds": …, "firstTokens": [milliseconds]} on one line. Answers are written freely, the likeliest token each
 * time, with exactly as many tokens as asked. All requests are there from the beginning; a sequence that has ended one
 * begins the next. Classifying keeps the prefix in each sequence, which reads it once.
 *
 *   cd bench/peers/llama-cpp && npm install --ignore-scripts
 *   node serving-load.mjs MODEL.gguf [THREADS]
 */
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { getLlama } from 'node-llama-cpp'

const [modelPath, threads = '2'] = process.argv.slice(2)
if (modelPath === undefined) throw new Error('usage: node serving-load.mjs MODEL.gguf [THREADS]')
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error', maxThreads: Number(threads) })
const model = await llama.loadModel({ modelPath: resolve(modelPath) })

const choose = { generateNext: { token: true, options: { temperature: 0 } } }

/** Writes an answer to what is read; gives the time of its first token. */
async function write(sequence, prompt, tokens) {
  let first
  let read = [...prompt.slice(0, -1), [prompt.at(-1), choose]]
  for (let count = 0; count < tokens; count++) {
    const outputs = await sequence.controlledEvaluate(read)
    first ??= performance.now()
    read = [[outputs.at(-1).next.token, choose]]
  }
  return first
}

const works = {
  async chats(sequences, { requests }) {
    const firstTokens = []
    const waiting = [...requests]
    await Promise.all(
      sequences.map(async (sequence) => {
        for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
          firstTokens.push(await write(sequence, request.prompt, request.tokens))
          await sequence.clearHistory()
        }
      }),
    )
    return firstTokens
  },
  async classify(sequences, { prefix, questions, tokens }) {
    const firstTokens = []
    const waiting = [...questions]
    await Promise.all(
      sequences.map(async (sequence) => {
        await sequence.evaluateWithoutGeneratingNewTokens(prefix)
        for (let question = waiting.shift(); question !== undefined; question = waiting.shift()) {
          firstTokens.push(await write(sequence, question, tokens))
          await sequence.eraseContextTokenRanges([{ start: prefix.length, end: sequence.nextTokenIndex }])
        }
      }),
    )
    return firstTokens
  },
}

process.stdout.write('{"ready": true}\n')
for await (const line of createInterface({ input: process.stdin })) {
  const work = JSON.parse(line)
  const context = await model.createContext({
    contextSize: 512,
    sequences: work.sequences,
    batchSize: 512,
    threads: Number(threads),
  })
  const sequences = Array.from({ length: work.sequences }, () => context.getSequence())
  const started = performance.now()
  const firstTokens = await works[work.kind](sequences, work)
  const milliseconds = performance.now() - started
  await context.dispose()
  process.stdout.write(
    `${JSON.stringify({ milliseconds, firstTokens: firstTokens.map((at) => at - started) })}\n`,
  )
}
process.exit(0)
