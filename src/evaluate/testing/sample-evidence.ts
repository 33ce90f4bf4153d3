import { createEvaluation } from '../create-evaluation.ts'
import type { Evaluation } from '../evaluation.ts'
import { rowForensics, type RowForensics } from '../forensics/row-forensics.ts'
import { judgeAgreement, judgeStanding } from '../judge/judge-agreement.ts'
import type { ReportContent } from '../report/report-html.ts'

const labels = ['calm', 'urgent'] as const

/** Rows that a sampled candidate answers four times, and that a judge has read: what reports show beside scores. */
function repeatedEvaluation(): Evaluation {
  const examples = Array.from({ length: 40 }, (_, at) => ({
    id: `mail.jsonl:${at + 1}`,
    input: `The lift of house ${at} has stopped again, and ${at % 3} people are in it.`,
    expected: labels[at % 2]!,
  }))
  const other = (at: number): string => labels[(at + 1) % 2]!
  const evaluation = createEvaluation({
    task: { kind: 'labels', labels, metrics: ['accuracy', 'macro-f1', 'judge'] },
    split: 'test',
    examples,
    candidates: [0.3, 0.8].map((share, candidate) => ({
      id: candidate === 0 ? 'base' : 'tuned',
      description: candidate === 0 ? 'base, greedy' : 'tuned, temperature 0.7, 4 answers each',
      answers: examples.map(({ id, expected }, at) => {
        const given = (turn: number): string =>
          (at * 7 + turn * 11) % 40 < share * 40 ? expected : other(at)
        const tokens = { promptTokens: 30, completionTokens: 2 }
        return {
          exampleId: id,
          answer: given(0),
          ...tokens,
          judgement: at === 3 ? { failed: 'no score in the reply' } : { score: 4, quality: 0.75 },
          ...(candidate === 0
            ? {}
            : { repeats: [1, 2, 3].map((turn) => ({ answer: given(turn), ...tokens })) }),
        }
      }),
    })),
    settings: { resamples: 100, seed: 3 },
  })
  const people = Array.from({ length: 30 }, (_, at) => 1 + (at % 5))
  const judge = people.map((score, at) =>
    at === 4 ? Number.NaN : at % 6 === 5 ? Math.max(1, score - 1) : score,
  )
  const sides = people.map((_, at) => [1, 0, -1][at % 3]!)
  return {
    ...evaluation,
    judge: {
      model: 'openai-compatible:wise',
      scale: 5,
      against: 'base',
      rubric: 'ab'.repeat(32),
      judged: 78,
      failed: 2,
      order: { same: 31, asked: 36 },
      scores: judgeStanding(judgeAgreement(people, judge, 'scores', 1), 0.4),
      preferences: judgeStanding(judgeAgreement(sides, sides.toReversed(), 'preferences', 1), 0.4),
      trusted: false,
    },
  }
}

function sampleForensics({ candidates, examples, challenger }: Evaluation): RowForensics {
  const rows = Array.from({ length: 60 }, (_, at) => ({
    id: `train.jsonl:${at + 1}`,
    input: `Somebody is stuck in the lift of house ${at}.`,
    expected: labels[at % 2]!,
    label: labels[at % 2]!,
  }))
  const wrong = candidates.find(({ id }) => id === challenger)!.rows.filter(({ correct }) => !correct)
  return rowForensics({
    rows,
    losses: new Map(rows.map(({ id }, at) => [id, [2, at % 9 === 0 ? 1.9 : 0.2 + at / 1000]])),
    labels: {
      classes: labels,
      labels: rows.map((_, at) => at % 2),
      // Every eleventh is surely the other one.
      probabilities: rows.map((_, at) => {
        const own = at % 11 === 0 ? 0.02 : 0.97
        return Float64Array.from(at % 2 === 0 ? [own, 1 - own] : [1 - own, own])
      }),
      accuracy: 0.9,
      folds: 5,
    },
    failed: wrong.map(({ exampleId, answer }) => {
      const example = examples.find(({ id }) => id === exampleId)!
      const { input, expected } = example
      return {
        id: exampleId,
        input,
        expected,
        answer,
        label: expected,
        nearest: ['train.jsonl:1', 'train.jsonl:2'],
      }
    }),
  })
}

/** A report with everything that is only there when it was asked for: repeats, a judge, training rows to fix. */
export function sampleEvidence(): ReportContent {
  const evaluation = repeatedEvaluation()
  return { title: 'lift-mail', evaluation, forensics: sampleForensics(evaluation) }
}
