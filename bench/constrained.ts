// What keeping answers to a constraint costs: time a token, constrained and free, interleaved on the same machine; and what
// the parts take. Free answers are made as long as constrained ones may be, by never ending.
//   npx tsx bench/constrained.ts [--home DIR] [--rounds 5]
import { parseArgs } from 'node:util'
import type { Constraint } from '../src/core/chat-model.ts'
import { openBaseModel } from '../src/engine/base-model.ts'
import type { AnswerPart } from '../src/engine/generate/answer.ts'
import { Generator } from '../src/engine/generate/generator.ts'
import { loadGenerator } from '../src/engine/load-generator.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { AnswerConstraints } from '../src/text/answer-constraints.ts'
import { median } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: { home: { type: 'string' }, rounds: { type: 'string', default: '5' } },
})
const home = values.home ?? honeHome(process.env)
const folder = await ensureBase('smollm2-135m-instruct', { home })
const cacheFolder = weightCacheFolder(home)
const base = await openBaseModel(folder, { cacheFolder })
await using loaded = await loadGenerator(base, undefined, cacheFolder, { longLived: true })
const { tokenizer, chatText } = base.text
const constrainedBy = new Generator(loaded.model, tokenizer, chatText.endOfTurn)
const endless = new Generator(loaded.model, tokenizer, new Set())

const claim = {
  type: 'object',
  properties: {
    claimant: { type: 'string', maxLength: 40 },
    kind: { enum: ['motor', 'water', 'fire', 'theft'] },
    amount: { type: 'number', minimum: 0, maximum: 100_000 },
    date: { type: 'string', format: 'date' },
    urgent: { type: 'boolean' },
    items: { type: 'array', items: { type: 'string' }, maxItems: 5 },
  },
  required: ['claimant', 'kind', 'amount', 'date', 'urgent', 'items'],
  additionalProperties: false,
}
const constraints: Readonly<Record<string, Constraint>> = {
  'anything (a pattern)': { type: 'regex', pattern: '[^]*' },
  'a JSON Schema': { type: 'json-schema', schema: claim },
  'any JSON object': { type: 'json-object' },
}
const question =
  'Write this claim as JSON with claimant, kind, amount, date, urgent and items: Margaret Oyelaran reports on 3 March 2025 that a pipe burst and spoilt a carpet, two chairs and a desk. She asks for 2,450.50 soon.'
const prompts = Array.from({ length: 8 }, (_, index) =>
  chatText.encodePrompt([{ role: 'user', content: `${question} Claim ${index}.` }]),
)

/** Milliseconds a token after the first, and how many there were. */
async function perToken(
  atOnce: number,
  temperature: number,
  open: (() => ReturnType<AnswerConstraints['open']>) | undefined,
): Promise<number> {
  let first = 0
  let tokens = 0
  await (open === undefined ? endless : constrainedBy).generate(
    prompts.slice(0, atOnce).map((prompt, seed) => ({
      prompt,
      maxTokens: 64,
      stop: [],
      temperature,
      topK: 0,
      topP: 1,
      seed,
      logProbabilities: false,
      constraint: open?.(),
      onPart: (part: AnswerPart) => {
        first ||= performance.now()
        if (part.type === 'finish') tokens += part.usage.completionTokens - 1
      },
    })),
  )
  return (performance.now() - first) / tokens
}

const rows = []
for (const [name, constraint] of Object.entries(constraints)) {
  const cold = performance.now()
  const compiled = new AnswerConstraints(base.text)
  compiled.open({ constraint })
  const compileMs = performance.now() - cold
  // Two and not one: a lone greedy answer that goes round in circles is guessed ahead, and what never ends does.
  for (const [atOnce, temperature] of [
    [2, 0],
    [8, 0],
    [8, 1],
  ] as const) {
    const open = (): ReturnType<AnswerConstraints['open']> => compiled.open({ constraint })
    const firstAnswer = await perToken(atOnce, temperature, open)
    const times: { free: number[]; constrained: number[] } = { free: [], constrained: [] }
    for (let round = 0; round < Number(values.rounds); round++) {
      times.free.push(await perToken(atOnce, temperature, undefined))
      times.constrained.push(await perToken(atOnce, temperature, open))
    }
    const [free, constrained] = [median(times.free), median(times.constrained)]
    const row = {
      constraint: name,
      answersAtOnce: atOnce,
      temperature,
      freeMs: rounded(free),
      constrainedMs: rounded(constrained),
      ratio: rounded(median(times.constrained.map((each, round) => each / (times.free[round] ?? each)))),
      firstTimeMs: rounded(firstAnswer),
      compileWithVocabularyMs: rounded(compileMs),
    }
    rows.push(row)
    console.error(JSON.stringify(row))
  }
}
console.table(rows)
console.log(
  `written ${writeResult('constrained', { base: base.manifest.id, rounds: Number(values.rounds), rows })}`,
)

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
