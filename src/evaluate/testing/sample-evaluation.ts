import { createRandom } from '../../lib/random.ts'
import { createEvaluation } from '../create-evaluation.ts'
import type { CandidateAnswer, Evaluation } from '../evaluation.ts'
import type { CandidateAnswers } from '../read-candidate.ts'

const sampleLabels = [
  'FAST_TRACK',
  'FRAUD_REVIEW',
  'MANUAL_REVIEW',
  'INJURY_DESK',
  'GLASS_REPAIR',
  'TOTAL_LOSS',
  'RECOURSE',
  'CUSTOMER_CARE',
] as const

const openings = [
  'My car was hit at',
  'Water came in through',
  'I already wrote about',
  'Somebody broke',
  'We lost',
]
const places = ['the crossing', 'the roof', 'the claim of May', 'the shop window', 'two suitcases in Porto']

/** Rows whose recorded label is not the one that their text calls for. */
const mislabelled = new Set([17, 58])

/** A seeded evaluation of three candidates on rows of eight labels: base, a few-shot prompt, and tuned. */
export function sampleEvaluation(rowCount = 96, resamples = 500): Evaluation {
  const random = createRandom('sample evaluation')
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)]!
  const examples = Array.from({ length: rowCount }, (_, at) => {
    const label = sampleLabels[at % sampleLabels.length]!
    const recorded = mislabelled.has(at) ? sampleLabels[(at + 1) % sampleLabels.length]! : label
    return {
      id: `data.jsonl:${at * 5 + 3}`,
      input: `${pick(openings)} ${pick(places)} on the ${1 + random.integer(28)}th. Policy ${random.integer(90_000) + 10_000}, about ${random.integer(4000) + 80} euros.`,
      expected: `ROUTE: ${recorded}\nRATIONALE: the amount and the story agree.`,
      label,
    }
  })
  const candidate = (
    names: Omit<CandidateAnswers, 'answers'>,
    right: number,
    readable: number,
    promptTokens: number,
    latencyMs: number,
  ): CandidateAnswers => ({
    ...names,
    answers: examples.map(({ id, label }): CandidateAnswer => {
      const given = random.next() < right ? label : pick(sampleLabels)
      const reads = random.next() < readable
      const probability = given === label ? 0.97 : 0.5 + random.next() / 2
      return {
        exampleId: id,
        answer: reads
          ? `ROUTE: ${given}\nRATIONALE: it fits the rules.`
          : 'I would route this claim to the right team.',
        latencyMs: latencyMs * (0.8 + random.next() / 2),
        promptTokens: promptTokens + random.integer(20),
        completionTokens: 18 + random.integer(12),
        finishReason: random.next() < 0.02 ? 'length' : 'stop',
        labelScores: sampleLabels.map((each) => {
          const share = each === given ? probability : (1 - probability) / (sampleLabels.length - 1)
          return { label: each, logProbability: Math.log(share), probability: share }
        }),
      }
    }),
  })
  return createEvaluation({
    task: { kind: 'labels', field: 'ROUTE', labels: sampleLabels },
    split: 'test',
    examples: examples.map(({ id, input, expected }) => ({ id, input, expected })),
    candidates: [
      candidate(
        { id: 'base', description: 'SmolLM2-135M-Instruct with the routes and the form in its prompt' },
        0.02,
        0.7,
        196,
        420,
      ),
      candidate(
        { id: 'few-shot', title: 'base + 8 examples', description: 'the same with eight training examples' },
        0.25,
        0.92,
        744,
        710,
      ),
      candidate(
        { id: 'tuned', description: 'lora r16 α32, epoch 2, with the short system prompt' },
        0.93,
        1,
        70,
        290,
      ),
    ],
    settings: { seed: 7, resamples },
  })
}
