/**
 * How fast llama.cpp reads and writes tokens, one measurement for each line of JSON on standard input:
 *
 *   {"kind": "prefill", "tokens": [512 token ids]}
 *   {"kind": "decode", "prompts": [[token ids] per sequence], "next": [[token ids to be read one at a time] per sequence]}
 *   {"kind": "answers", "atOnce": 8, "requests": [{"prompt": [token ids], "tokens": 40}]}
 *   {"kind": "classify", "prefix": [token ids], "questions": [[token ids]], "answers": [[token ids]]}
 *
 * answered by {"milliseconds": …} on one line. Decoding is fed with given tokens, so that every program does the same
 * work; each step computes the logits and chooses the likeliest token. Answers are written freely, the likeliest token each time,
 * with exactly as many tokens as asked; a sequence that has ended one begins the next. Classifying answers many questions that start with
 * one prefix, which each of eight sequences reads once and keeps.
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
  contextSize: 1024,
  sequences: 16,
  batchSize: 512,
  threads: Number(threads),
})
const sequences = Array.from({ length: 16 }, () => context.getSequence())

const choose = { generateNext: { token: true, options: { temperature: 0 } } }

const measures = {
  async prefill({ tokens }) {
    const [sequence] = sequences
    const started = performance.now()
    await sequence.controlledEvaluate([...tokens.slice(0, -1), [tokens.at(-1), choose]])
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
          await sequences[index].controlledEvaluate([[token, choose]])
        }
      }),
    )
    return performance.now() - started
  },
  async answers({ atOnce, requests }) {
    const started = performance.now()
    const waiting = [...requests]
    await Promise.all(
      sequences.slice(0, atOnce).map(async (sequence) => {
        for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
          const { prompt, tokens } = request
          let read = [...prompt.slice(0, -1), [prompt.at(-1), choose]]
          for (let count = 0; count < tokens; count++) {
            const outputs = await sequence.controlledEvaluate(read)
            read = [[outputs.at(-1).next.token, choose]]
          }
          await sequence.clearHistory()
        }
      }),
    )
    return performance.now() - started
  },
  async classify({ prefix, questions, answers }) {
    const started = performance.now()
    const waiting = [...questions.keys()]
    await Promise.all(
      sequences.slice(0, 8).map(async (sequence) => {
        await sequence.evaluateWithoutGeneratingNewTokens(prefix)
        for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
          const question = questions[index]
          await sequence.controlledEvaluate([...question.slice(0, -1), [question.at(-1), choose]])
          for (const token of answers[index]) await sequence.controlledEvaluate([[token, choose]])
          await sequence.eraseContextTokenRanges([{ start: prefix.length, end: sequence.nextTokenIndex }])
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
