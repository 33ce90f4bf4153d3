import { resolve } from 'node:path'
import { getLlama } from 'node-llama-cpp'

const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' })

/** Loads a GGUF file, with a LoRA file beside it or without, for `use`. */
export async function withModel(modelPath, adapter, use) {
  const model = await llama.loadModel({ modelPath: resolve(modelPath) })
  try {
    const context = await model.createContext({
      contextSize: 256,
      threads: 1,
      ...(adapter === undefined ? {} : { lora: { adapters: [{ filePath: resolve(adapter), scale: 1 }] } }),
    })
    return await use(model, context.getSequence())
  } finally {
    await model.dispose()
  }
}

/** The six likeliest tokens after some tokens, with their probabilities to five digits. */
export async function likeliestTokens(sequence, ids) {
  await sequence.clearHistory()
  const options = { temperature: 1, topK: 0, topP: 1, minP: 0 }
  const wanted = { generateNext: { probabilities: true, options } }
  const outputs = await sequence.controlledEvaluate([...ids.slice(0, -1), [ids.at(-1), wanted]])
  const best = [...outputs.at(-1).next.probabilities]
    .toSorted((left, right) => right[1] - left[1])
    .slice(0, 6)
  return Object.fromEntries(best.map(([id, p]) => [id, Number(p.toPrecision(5))]))
}
