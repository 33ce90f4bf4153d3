// Many answers at once, as a server's worker writes them, against llama.cpp with parallel sequences in one context: the default
// base from the same GGUF file, interleaved on the same machine.
//   npx tsx bench/serving-load.ts --peer FOLDER-WHERE-NODE-LLAMA-CPP-IS-INSTALLED [--home DIR] [--rounds 3]
//     [--chats 64] [--questions 1000] [--sequences 8]
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBaseModel } from '../src/engine/base-model.ts'
import { answersAtOnce, Generator, readyForOthers } from '../src/engine/generate/generator.ts'
import { loadGenerator } from '../src/engine/load-generator.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { createRandom } from '../src/lib/random.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { median, PeerProcess } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

interface Asked {
  readonly prompt: readonly number[]
  /** Exactly as many are written, the likeliest ones. */
  readonly tokens: number
}

/** What is asked, all of it at once, and the same in the peer's words. */
interface Work {
  readonly what: string
  readonly requests: readonly Asked[]
  readonly unit: string
  /** Units in all. */
  readonly count: number
  readonly peer: object
}

interface Taken {
  readonly milliseconds: number
  /** Milliseconds from the beginning to the first token of each. */
  readonly firstTokens: readonly number[]
}

const { values } = parseArgs({
  options: {
    peer: { type: 'string' },
    home: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    chats: { type: 'string', default: '64' },
    questions: { type: 'string', default: '1000' },
    // Of the peer when it classifies: each reads the prompt of 256 tokens.
    sequences: { type: 'string', default: '8' },
  },
})
const home = values.home ?? honeHome(process.env)
const cacheFolder = weightCacheFolder(home)
const folder = await ensureBase('smollm2-135m-instruct', { home })
const base = await openBaseModel(folder, { cacheFolder })
await using loaded = await loadGenerator(base, undefined, cacheFolder, { longLived: true })
const random = createRandom(64)
const draw = (count: number): number[] => Array.from({ length: count }, () => 20 + random.integer(40_000))

const works = [chats(Number(values.chats)), classifications(Number(values.questions))]
using peer = values.peer === undefined ? undefined : startPeer(values.peer)
await peer?.read()

const rows: object[] = []
for (const work of works) rows.push(await measure(work))
console.table(rows)
console.log(
  `written ${writeResult('serving-load', { base: base.manifest.id, peer: 'node-llama-cpp', rows })}`,
)

function startPeer(peerFolder: string): PeerProcess {
  // A module finds its packages from where it lies.
  const script = join(peerFolder, 'serving-load.mjs')
  if (peerFolder !== 'bench/peers/llama-cpp') copyFileSync('bench/peers/llama-cpp/serving-load.mjs', script)
  return new PeerProcess(process.execPath, [script, join(folder, base.manifest.weights[0]?.name ?? '')])
}

/** Conversations of different lengths. */
function chats(count: number): Work {
  const requests = Array.from({ length: count }, () => ({
    prompt: draw(32 + random.integer(129)),
    tokens: 16 + random.integer(81),
  }))
  return {
    what: `${count} chats at once`,
    requests,
    unit: 'tokens/s',
    count: requests.reduce((sum, { tokens }) => sum + tokens, 0),
    peer: { kind: 'chats', sequences: count, requests },
  }
}

/** Short questions after one prompt. */
function classifications(count: number): Work {
  const prefix = draw(256)
  const tokens = 4
  const questions = Array.from({ length: count }, () => draw(16 + random.integer(17)))
  return {
    what: `${count} classifications with a prompt of 256 tokens`,
    requests: questions.map((question) => ({ prompt: [...prefix, ...question], tokens })),
    unit: 'answers/s',
    count,
    peer: { kind: 'classify', sequences: Number(values.sequences), prefix, questions, tokens },
  }
}

async function measure(work: Work): Promise<object> {
  const own: Taken[] = []
  const theirs: Taken[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    own.push(await take(work))
    if (peer !== undefined) theirs.push((await peer.ask(JSON.stringify(work.peer))) as unknown as Taken)
  }
  const time = (taken: readonly Taken[]): number => median(taken.map(({ milliseconds }) => milliseconds))
  const rate = (taken: readonly Taken[]): number => Number(((1000 * work.count) / time(taken)).toFixed(1))
  const first = (taken: readonly Taken[]): number =>
    Math.round(median(taken.flatMap(({ firstTokens }) => firstTokens)))
  return {
    what: work.what,
    rate: rate(own),
    unit: work.unit,
    'first token, ms': first(own),
    ...(peer === undefined
      ? {}
      : {
          'llama.cpp': rate(theirs),
          'its first token, ms': first(theirs),
          '× llama.cpp': Number((time(theirs) / time(own)).toFixed(2)),
        }),
  }
}

async function take({ requests }: Work): Promise<Taken> {
  // Nothing is remembered from the last round.
  const generator = new Generator(loaded.model, base.text.tokenizer, new Set(), answersAtOnce, readyForOthers)
  const firstTokens: number[] = []
  const started = performance.now()
  await Promise.all(
    requests.map(({ prompt, tokens }) => {
      let isFirst = true
      return generator.generate([
        {
          prompt,
          maxTokens: tokens,
          temperature: 0,
          topK: 0,
          topP: 1,
          seed: 0,
          stop: [],
          logProbabilities: false,
          onPart: () => {
            if (isFirst) firstTokens.push(performance.now() - started)
            isFirst = false
          },
        },
      ])
    }),
  )
  return { milliseconds: performance.now() - started, firstTokens }
}
