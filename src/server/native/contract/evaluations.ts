import { z } from 'zod'
import { candidateSchema } from '../../../config/candidate-schema.ts'
import { taskSchema } from '../../../config/task-schema.ts'
import { apiError, count, flag, time, whole } from './common.ts'
import { interval, measured, measuredMetric, open } from './measured.ts'
import { gateState } from './models.ts'
import { operations } from './operation.ts'

const text = z.string().min(1).max(200)
export const evaluation = z
  .object({
    id: z.string(),
    name: z.string(),
    owner: z.string(),
    state: z.enum(['queued', 'running', 'stopping', 'succeeded', 'failed', 'stopped']),
    dataset: z.string(),
    split: z.enum(['validation', 'test']),
    base: z.string(),
    tuned: z.string().nullable(),
    candidates: z.array(z.string()),
    safety: z.boolean(),
    progress: z.object({
      phase: z.string().nullable(),
      candidate: z.string().nullable(),
      done: count,
      total: count,
    }),
    createdAt: time,
    updatedAt: time,
    endedAt: time.nullable(),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    canStop: z.boolean(),
  })
  .meta({ id: 'Evaluation' })

export const evaluationResult = z
  .object({
    verdict: z
      .object({ baseline: z.string(), sentence: z.string() })
      .nullable()
      .meta({ description: 'the challenger against the strongest other candidate; null where it is alone' }),
    challenger: z.string(),
    rows: count,
    looks: count.nullable().meta({ description: 'how often the sealed split was looked at by now' }),
    candidates: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        description: z.string(),
        model: z.string().nullable(),
        scores: z.array(z.object({ metric: z.string(), value: z.number(), interval })),
        failed: count,
        cut: count,
      }),
    ),
    comparisons: z.array(z.object({ baseline: z.string(), challenger: z.string(), sentence: z.string() })),
    evaluation: measured,
  })
  .meta({ id: 'EvaluationResult' })

export const evaluationDetails = z
  .object({
    evaluation,
    result: evaluationResult.nullable().meta({ description: 'null before all candidates have been asked' }),
    gate: z.object({ rules: z.array(z.string()), verdict: gateState.nullable() }),
  })
  .meta({ id: 'EvaluationDetails' })

export const newEvaluation = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/)
      .exactOptional(),
    dataset: text.meta({
      description: 'a dataset version; one that is not split is split as `hone run` splits it',
    }),
    task: taskSchema.meta({ description: 'what an answer is, as in hone.yaml; files are not named here' }),
    answerSchema: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .meta({ description: 'of a json task: the JSON Schema that answers must obey' }),
    base: text.exactOptional(),
    tuned: text.exactOptional().meta({ description: 'the model that the candidate `tuned` is' }),
    candidates: z.array(candidateSchema).min(1).max(20).exactOptional(),
    system: z.string().max(100_000).exactOptional(),
    basePrompt: z.string().max(100_000).exactOptional(),
    fewShot: z.int().min(0).max(256).exactOptional(),
    maxTokens: z.int().min(1).exactOptional(),
    limit: z.int().min(1).exactOptional(),
    seed: z.int().min(0).exactOptional(),
    gate: z.array(z.string().max(500)).max(50).exactOptional().meta({ description: 'promotion rules' }),
    split: z.enum(['validation', 'test']).default('test'),
    safety: z.boolean().default(false),
  })
  .meta({ id: 'NewEvaluation' })

export const evaluationRows = z
  .object({
    split: z.string(),
    candidate: z.string(),
    against: z.string().nullable(),
    measured: count,
    found: count,
    rows: z.array(
      z.looseObject({
        id: z.string(),
        input: z.string(),
        expected: z.string(),
        answer: z.string(),
        correct: z.boolean(),
        read: z
          .object({ expected: z.string(), answer: z.string().nullable() })
          .meta({ description: 'as labels, canonical JSON or trimmed text; null where it cannot be read' }),
        unreadable: z.string().optional().meta({ description: 'why the answer cannot be read' }),
        failed: z.object({ code: z.string(), message: z.string() }).optional(),
        against: z.object({ answer: z.string(), correct: z.boolean() }).optional(),
      }),
    ),
  })
  .meta({ id: 'EvaluationRows' })

export const comparison = z
  .object({
    split: z.string(),
    rows: count,
    differences: z.array(
      z.looseObject({
        figure: z.string(),
        before: z.number(),
        after: z.number(),
        value: z.number(),
        interval,
        test: open({
          name: z.string(),
          pValue: z.number(),
          midP: z.number().optional(),
          exact: z.boolean().optional(),
        }),
        adjustedP: z.number(),
        effects: z.array(
          open({ name: z.string(), value: z.number().nullable(), interval: interval.optional() }),
        ),
        verdict: z.string(),
        sentence: z.string(),
      }),
    ),
    scores: z.array(
      z.looseObject({ figure: z.string(), candidate: z.string(), value: z.number().nullable(), interval }),
    ),
    baseline: z.looseObject({ id: z.string(), title: z.string() }),
    candidate: z.looseObject({ id: z.string(), title: z.string() }),
    metrics: z.array(measuredMetric),
    flips: z
      .object({
        metric: z.string(),
        gained: count,
        lost: count,
        rows: z
          .array(
            z.object({
              id: z.string(),
              change: z.enum(['gained', 'lost']),
              before: z.number(),
              after: z.number(),
              input: z.string(),
              expected: z.string(),
              answers: z.object({ baseline: z.string(), candidate: z.string() }),
            }),
          )
          .meta({ description: 'the largest changes first, as many as `flips` says' }),
      })
      .nullable(),
  })
  .meta({ id: 'Comparison' })

export const evaluationOperations = operations({
  listEvaluations: {
    method: 'GET',
    path: '/api/evaluations',
    summary: 'Evaluations that this API was asked for, newest first',
    action: 'read',
    query: z.object({ limit: whole(1, 200).default(50), after: z.string().max(200).optional() }),
    answer: {
      kind: 'json',
      schema: z
        .object({ evaluations: z.array(evaluation), next: z.string().nullable() })
        .meta({ id: 'EvaluationList' }),
    },
  },
  startEvaluation: {
    method: 'POST',
    path: '/api/evaluations',
    summary:
      'Asks candidates the rows of a split; goes on after a restart of the server with what was answered',
    action: 'write',
    body: newEvaluation,
    answer: { kind: 'json', schema: evaluation, status: 201 },
  },
  getEvaluation: {
    method: 'GET',
    path: '/api/evaluations/{id}',
    summary: 'One evaluation with its result',
    action: 'read',
    answer: { kind: 'json', schema: evaluationDetails },
  },
  followEvaluation: {
    method: 'GET',
    path: '/api/evaluations/{id}/events',
    summary: 'How far an evaluation is, until its end',
    action: 'read',
    answer: { kind: 'events', events: { evaluation, end: evaluation, error: apiError } },
  },
  stopEvaluation: {
    method: 'POST',
    path: '/api/evaluations/{id}/stop',
    summary: 'Asks for a stop; what was answered stays',
    action: 'write',
    answer: { kind: 'json', schema: evaluation },
  },
  listEvaluationRows: {
    method: 'GET',
    path: '/api/evaluations/{id}/rows',
    summary: 'Rows with what a candidate answered: all, wrong ones, or those that two candidates differ in',
    action: 'read',
    query: z.object({
      candidate: text.optional(),
      against: text.optional(),
      failed: flag.default(false),
      expected: z.string().max(300).optional().meta({ description: 'only rows of this expected answer' }),
      expectedAs: z.string().max(300).optional().meta({
        description: 'only rows whose expected answer is read as this, such as a label',
      }),
      answeredAs: z
        .string()
        .max(300)
        .optional()
        .meta({ description: 'only rows whose answer is read as this' }),
      unreadable: flag.default(false).meta({ description: 'only rows whose answer cannot be read' }),
      offset: whole(0, 1e8).default(0),
      limit: whole(1, 500).default(50),
    }),
    answer: { kind: 'json', schema: evaluationRows },
  },
  compareCandidates: {
    method: 'GET',
    path: '/api/evaluations/{id}/compare',
    summary: 'Two candidates on the same rows: differences with intervals and tests, and the rows that flip',
    action: 'read',
    query: z.object({ baseline: text, candidate: text, flips: whole(0, 10_000).default(100) }),
    answer: { kind: 'json', schema: comparison },
  },
  getReport: {
    method: 'GET',
    path: '/api/evaluations/{id}/report',
    summary: 'The report as one HTML file',
    action: 'read',
    answer: { kind: 'file', mediaType: 'text/html; charset=utf-8' },
  },
  applyGate: {
    method: 'POST',
    path: '/api/evaluations/{id}/gate',
    summary:
      "Holds the evaluation's promotion rules against what was measured, and keeps the verdict with the model",
    action: 'write',
    body: z
      .strictObject({ candidate: text.exactOptional(), baseline: text.exactOptional() })
      .meta({ id: 'ApplyGate' }),
    answer: {
      kind: 'json',
      schema: gateState.omit({ at: true }).meta({ id: 'GateVerdict' }),
    },
  },
})
