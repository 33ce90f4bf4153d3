// Prefill and decode of the default base against llama.cpp on the same GGUF file, interleaved on the same machine.
//   npx tsx bench/generation-speed.ts --peer FOLDER-WHERE-NODE-LLAMA-CPP-IS-INSTALLED [--home DIR] [--rounds 5]
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBaseModel } from '../src/engine/base-model.ts'
import { Generator } from '../src/engine/generate/generator.ts'
import type { InferenceModel } from '../src/engine/generate/inference-model.ts'
import { KeyValueCache, type SharedPrefix } from '../src/engine/generate/key-value-cache.ts'
import { sampleToken } from '../src/engine/generate/sample-token.ts'
import { loadGenerator } from '../src/engine/load-generator.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { createRandom } from '../src/lib/random.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { median, PeerProcess } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

type Work =
  | { readonly kind: 'prefill'; readonly tokens: readonly number[] }
  | {
      readonly kind: 'decode'
      readonly prompts: readonly (readonly number[])[]
      readonly next: readonly (readonly number[])[]
    }
  | {
      readonly kind: 'answers'
      readonly atOnce: number
      /** Each is answered with exactly as many tokens, the likeliest ones. */
      readonly requests: readonly { readonly prompt: readonly number[]; readonly tokens: number }[]
    }
  | {
      readonly kind: 'classify'
      readonly prefix: readonly number[]
      readonly questions: readonly (readonly number[])[]
      readonly answers: readonly (readonly number[])[]
    }

const { values } = parseArgs({
  options: {
    peer: { type: 'string' },
    home: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
})
const home = values.home ?? honeHome(process.env)
const folder = await ensureBase('smollm2-135m-instruct', { home })
const base = await openBaseModel(folder, { cacheFolder: weightCacheFolder(home) })
const cacheFolder = weightCacheFolder(home)
await using loaded = await loadGenerator(base, undefined, cacheFolder, { longLived: true })
// An option: inputs of the products are rounded to eight bits, as llama.cpp does.
await using rounded = await loadGenerator(base, undefined, cacheFolder, {
  longLived: true,
  arithmetic: 'int8',
})
const random = createRandom(3)
// As many as the generation worker answers at once.
const atOnce = 32
const greedy = { temperature: 0, topK: 0, topP: 1 }

const answers = answersOfDifferentLengths()
const alone = answersToQuestions()
const repeated = repeatedPrompt()

using peer = values.peer === undefined ? undefined : startPeer(values.peer)
await peer?.read()

const rows = [
  await measure('prefill 512 tokens', { kind: 'prefill', tokens: draw(512) }, 512),
  await measure('decode, batch 1', decoding(1), 32),
  await measure('decode, batch 1, int8', decoding(1), 32, { model: rounded.model }),
  await measure('decode, batch 8', decoding(8), 8 * 32),
  await measure('decode, batch 8, int8', decoding(8), 8 * 32, { model: rounded.model }),
  await measure('decode, batch 16', decoding(16), 16 * 32),
  await measure('32 answers of 8 to 64 tokens, 8 at once', answers, tokensIn(answers)),
  await measure('one answer after the other', alone, tokensIn(alone)),
  await measure('one answer after the other, int8', alone, tokensIn(alone), { model: rounded.model }),
  await measure('one answer that repeats its prompt', repeated, tokensIn(repeated)),
  await measure('classify with a prompt of 256 tokens', classifying(128), 128, { unit: 'questions/s' }),
]
console.table(rows)
const effect = await rounded.measureRounding?.()
if (effect === undefined) throw new Error('the base has no levels')
console.log(
  `int8: ${(100 * effect.sameToken).toFixed(1)} % of ${effect.tokens} likeliest tokens are the same; their log-probability changes by ${effect.meanDifference.toFixed(4)} on average, by ${effect.largestDifference.toFixed(4)} at most`,
)
console.log(
  `written ${writeResult('generation-speed', { base: base.manifest.id, peer: 'node-llama-cpp', rows, effectOfInt8: effect })}`,
)

function startPeer(peerFolder: string): PeerProcess {
  // A module finds its packages from where it lies.
  const script = join(peerFolder, 'generation-speed.mjs')
  if (peerFolder !== 'bench/peers/llama-cpp')
    copyFileSync('bench/peers/llama-cpp/generation-speed.mjs', script)
  return new PeerProcess(process.execPath, [script, join(folder, base.manifest.weights[0]?.name ?? '')])
}

function draw(count: number): number[] {
  return Array.from({ length: count }, () => 20 + random.integer(40_000))
}

function decoding(batch: number): Work {
  const sequences = <Item>(make: () => Item): Item[] => Array.from({ length: batch }, make)
  return { kind: 'decode', prompts: sequences(() => draw(64)), next: sequences(() => draw(32)) }
}

function answersOfDifferentLengths(): Work & { kind: 'answers' } {
  const requests = Array.from({ length: 32 }, () => ({
    prompt: draw(32 + random.integer(65)),
    tokens: 8 + random.integer(57),
  }))
  return { kind: 'answers', atOnce: 8, requests }
}

/** Text as a model writes it, where `decode` is fed with tokens at random. */
function answersToQuestions(): Work & { kind: 'answers' } {
  const questions = [
    'Tell a story of a cat that lost its hat.',
    'Why do states need taxes? Write a page.',
    'Describe a day in a harbour in autumn, from morning to night.',
  ]
  const requests = questions.map((content) => ({
    prompt: base.text.chatText.encodePrompt([{ role: 'user', content }]),
    tokens: 96,
  }))
  return { kind: 'answers', atOnce: 1, requests }
}

/** What extracting, correcting or filling in a form is like: most of the answer stands in the prompt. */
function repeatedPrompt(): Work & { kind: 'answers' } {
  const text =
    'Invoice 20417 of Harlow & Sons Ltd, 14 Mill Lane, Leeds. Customer: Margaret Oyelaran, account 88-1032-7. Items: 3 boxes of copper fittings at 41.50, 1 pressure gauge at 129.99, delivery 12.00. Total due 266.49 by 14 March 2025.'
  const content = `Copy this text word for word:\n\n${text}`
  const prompt = base.text.chatText.encodePrompt([{ role: 'user', content }])
  return { kind: 'answers', atOnce: 1, requests: [{ prompt, tokens: 80 }] }
}

function tokensIn({ requests }: Work & { kind: 'answers' }): number {
  return requests.reduce((sum, { tokens }) => sum + tokens, 0)
}

/** Short messages after one long prompt, each with an answer of a few tokens. */
function classifying(count: number): Work {
  const each = (make: () => number[]): number[][] => Array.from({ length: count }, make)
  return {
    kind: 'classify',
    prefix: draw(256),
    questions: each(() => draw(16 + random.integer(17))),
    answers: each(() => draw(6)),
  }
}

async function measure(
  name: string,
  work: Work,
  count: number,
  { unit = 'tokens/s', model = loaded.model }: { unit?: string; model?: InferenceModel } = {},
): Promise<object> {
  const own: number[] = []
  const theirs: number[] = []
  await take(work, model)
  await peer?.ask(JSON.stringify(work))
  for (let round = 0; round < Number(values.rounds); round++) {
    own.push(await take(work, model))
    if (peer !== undefined) theirs.push(Number((await peer.ask(JSON.stringify(work)))['milliseconds']))
  }
  const rate = (times: readonly number[]): number => Number(((1000 * count) / median(times)).toFixed(1))
  return {
    what: name,
    rate: rate(own),
    unit,
    ...(peer === undefined
      ? {}
      : {
          'llama.cpp': rate(theirs),
          '× llama.cpp': Number((median(theirs) / median(own)).toFixed(2)),
        }),
  }
}

/** Milliseconds that the work takes here. */
async function take(work: Work, model: InferenceModel): Promise<number> {
  const { vocabularySize } = base.config
  const choose = (logits: Float32Array, batch: number): void => {
    for (let index = 0; index < batch; index++) {
      sampleToken(logits.subarray(index * vocabularySize, (index + 1) * vocabularySize), greedy, random)
    }
  }
  if (work.kind === 'prefill') {
    const started = performance.now()
    choose(await model.advance([work.tokens], model.emptyPrefix, new KeyValueCache(base.config, 1)), 1)
    return performance.now() - started
  }
  const write = async (next: readonly (readonly number[])[], prefix: SharedPrefix, cache: KeyValueCache) => {
    for (let step = 0; step < (next[0]?.length ?? 0); step++) {
      const tokens = next.map((sequence) => [sequence[step] ?? 0])
      choose(await model.advance(tokens, prefix, cache), next.length)
    }
  }
  if (work.kind === 'decode') {
    const cache = new KeyValueCache(base.config, work.prompts.length)
    await model.advance(work.prompts, model.emptyPrefix, cache)
    const started = performance.now()
    await write(work.next, model.emptyPrefix, cache)
    return performance.now() - started
  }
  if (work.kind === 'answers') {
    const generator = new Generator(model, base.text.tokenizer, new Set(), work.atOnce)
    const started = performance.now()
    await generator.generate(
      work.requests.map(({ prompt, tokens }) => ({
        ...greedy,
        prompt,
        maxTokens: tokens,
        seed: 0,
        stop: [],
        logProbabilities: false,
        onPart: () => undefined,
      })),
    )
    return performance.now() - started
  }
  const started = performance.now()
  const prefix = await model.extendPrefix(work.prefix, model.emptyPrefix)
  for (let at = 0; at < work.questions.length; at += atOnce) {
    const questions = work.questions.slice(at, at + atOnce)
    const cache = new KeyValueCache(base.config, questions.length)
    choose(await model.advance(questions, prefix, cache), questions.length)
    await write(work.answers.slice(at, at + atOnce), prefix, cache)
  }
  return performance.now() - started
}
