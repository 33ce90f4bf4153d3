import { z } from 'zod'
import { apiError, count, time, whole } from './common.ts'
import { operations } from './operation.ts'

export const jobStates = [
  'queued',
  'running',
  'pausing',
  'paused',
  'stopping',
  'succeeded',
  'failed',
  'stopped',
] as const
export const jobPhases = ['waiting', 'validation', 'processing', 'training', 'ended'] as const

/** A training run, whoever started it. */
export const job = z
  .object({
    id: z.string(),
    name: z.string(),
    startedBy: z.enum(['server', 'command-line']).meta({
      description: '`command-line` for a run of `hone train` or `hone run` on the same home',
    }),
    owner: z.string().nullable().meta({ description: 'user of the key that started it' }),
    state: z.enum(jobStates),
    phase: z.enum(jobPhases),
    model: z.string().meta({ description: 'id of the model that comes of it' }),
    base: z.string(),
    data: z
      .object({ training: z.string(), validation: z.array(z.string()) })
      .nullable()
      .meta({ description: 'null where only the examples are known, not where they came from' }),
    step: count,
    steps: count.meta({ description: '0 as long as it is not known' }),
    trainingLoss: z.number().nullable(),
    validationLoss: z.number().nullable().meta({ description: 'the best one so far' }),
    secondsLeft: z.number().nullable(),
    createdAt: time,
    updatedAt: time,
    endedAt: time.nullable(),
    failure: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .meta({ description: 'why it failed, and what to do' }),
    canStop: z.boolean(),
    canPause: z.boolean(),
    canResume: z.boolean(),
  })
  .meta({ id: 'Job' })

export const jobDetails = z
  .object({
    job,
    settings: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'everything that decides what is computed; null before training has begun' }),
    examples: z
      .object({ training: count, validation: count })
      .nullable()
      .meta({ description: 'null before training has begun' }),
    environment: z.record(z.string(), z.unknown()).nullable(),
    phases: z.array(
      z.object({
        name: z.enum(['validation', 'processing', 'training']),
        state: z.enum(['waiting', 'running', 'done', 'failed', 'stopped']),
        from: time.nullable(),
        changed: time.nullable(),
      }),
    ),
    checkpoints: z
      .array(
        z.object({
          model: z.string(),
          step: count,
          epoch: count,
          loss: z.number(),
          validationLoss: z.number().nullable(),
        }),
      )
      .meta({ description: 'models of the last epochs, which answer whatever becomes of the run' }),
    attempts: count.meta({ description: 'how many workers have taken it up' }),
  })
  .meta({ id: 'JobDetails' })

export const jobList = z
  .object({
    jobs: z.array(job),
    next: z.string().nullable().meta({ description: '`after` of the next page' }),
  })
  .meta({ id: 'JobList' })

const pairs = { rewardMargin: z.number().optional(), rewardAccuracy: z.number().optional() }

/** One line of a run's log; more kinds may come. */
export const trainingEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('resumed'), time, step: count }),
    z.object({ type: z.literal('checkpoint-damaged'), time, file: z.string(), reason: z.string() }),
    z.object({ type: z.literal('reference'), time, done: count, total: count }),
    z.object({ type: z.literal('activations'), time, done: count, total: count }),
    z.object({
      type: z.literal('step'),
      time,
      step: count,
      epoch: count,
      steps: count,
      loss: z.number(),
      learningRate: z.number(),
      gradientNorm: z.number(),
      examplesPerSecond: z.number(),
      tokensPerSecond: z.number(),
      secondsLeft: z.number(),
      memoryBytes: z.number(),
      ...pairs,
    }),
    z.object({
      type: z.literal('validation'),
      time,
      step: count,
      epoch: count,
      loss: z.number(),
      best: z.boolean(),
      partLosses: z.array(z.number()).optional(),
      ...pairs,
    }),
    z.object({ type: z.literal('checkpoint'), time, step: count }),
    z.object({ type: z.literal('epoch'), time, step: count, epoch: count }),
    z.object({ type: z.literal('early-stop'), time, step: count, bestStep: count }),
  ])
  .meta({ id: 'TrainingEvent' })

/** Columns of the same length, the step first; what a run went over twice counts once. */
export const jobMetrics = z
  .object({
    steps: z.object({
      step: z.array(count),
      epoch: z.array(count),
      loss: z.array(z.number()),
      smoothedLoss: z.array(z.number()).meta({
        description: 'exponential moving average with weight 0.9, corrected for its beginning',
      }),
      learningRate: z.array(z.number()),
      gradientNorm: z.array(z.number()),
      examplesPerSecond: z.array(z.number()),
      tokensPerSecond: z.array(z.number()),
      memoryBytes: z.array(z.number()),
      rewardMargin: z.array(z.number().nullable()),
      rewardAccuracy: z.array(z.number().nullable()),
    }),
    validations: z.object({
      step: z.array(count),
      loss: z.array(z.number()),
      rewardMargin: z.array(z.number().nullable()),
      rewardAccuracy: z.array(z.number().nullable()),
    }),
    best: z.object({ step: count, loss: z.number() }).nullable(),
    checkpoints: z.array(count),
    earlyStop: z.object({ step: count, bestStep: count }).nullable(),
    resumes: z.array(count).meta({ description: 'steps from which the run went on after an interruption' }),
    totalSteps: count.meta({ description: 'steps that were left out to keep to `points` count here' }),
  })
  .meta({ id: 'JobMetrics' })

export const jobEvents = z
  .object({ events: z.array(trainingEvent), next: z.string().nullable() })
  .meta({ id: 'JobEvents' })

/** What models made of held-out conversations. */
export const jobSamples = z
  .object({
    models: z
      .array(z.string())
      .meta({ description: 'the base, then the models of the last epochs, then the tuned model' }),
    samples: z.array(
      z.object({
        id: z.string().meta({ description: 'of the record' }),
        split: z.enum(['validation', 'training']),
        messages: z.array(z.object({ role: z.string(), content: z.string() })),
        expected: z.string(),
        answers: z.array(z.string()).meta({ description: 'one for each model, in order' }),
      }),
    ),
  })
  .meta({ id: 'JobSamples' })

const cursor = z.string().max(200).optional()

export const jobOperations = operations({
  listJobs: {
    method: 'GET',
    path: '/api/jobs',
    summary: 'Training runs, newest first: those of every API, and those of the command line',
    action: 'read',
    query: z.object({
      state: z.enum(jobStates).optional(),
      limit: whole(1, 200).default(50),
      after: cursor,
    }),
    answer: { kind: 'json', schema: jobList },
  },
  getJob: {
    method: 'GET',
    path: '/api/jobs/{id}',
    summary: 'One training run with its settings',
    action: 'read',
    answer: { kind: 'json', schema: jobDetails },
  },
  followJob: {
    method: 'GET',
    path: '/api/jobs/{id}/events',
    summary:
      'The run as it goes on, from its beginning or from `last-event-id`, also after the server was started anew; ends with the run',
    action: 'read',
    headers: { 'last-event-id': z.string().max(200).optional() },
    answer: {
      kind: 'events',
      events: { job, training: trainingEvent, end: job, error: apiError },
    },
  },
  listJobEvents: {
    method: 'GET',
    path: '/api/jobs/{id}/log',
    summary: 'The events of a run, oldest first, a page at a time',
    action: 'read',
    query: z.object({ limit: whole(1, 5000).default(1000), after: cursor }),
    answer: { kind: 'json', schema: jobEvents },
  },
  getJobMetrics: {
    method: 'GET',
    path: '/api/jobs/{id}/metrics',
    summary: 'Losses, learning rate, speed and memory by step',
    action: 'read',
    query: z.object({ points: whole(10, 20_000).default(2000) }),
    answer: { kind: 'json', schema: jobMetrics },
  },
  getJobSamples: {
    method: 'POST',
    path: '/api/jobs/{id}/samples',
    summary: 'What the base and the tuned model answer to held-out records, with the expected answers',
    action: 'invoke',
    body: z.object({ samples: z.int().min(1).max(20).default(5) }).meta({ id: 'AskSamples' }),
    answer: { kind: 'steps', schema: jobSamples },
  },
  pauseJob: {
    method: 'POST',
    path: '/api/jobs/{id}/pause',
    summary: 'Asks for a pause: the run stops at its next step, with all that it has',
    action: 'write',
    answer: { kind: 'json', schema: job },
  },
  stopJob: {
    method: 'POST',
    path: '/api/jobs/{id}/stop',
    summary: 'Gives a run up; the models of its epochs stay, nothing else does',
    action: 'write',
    answer: { kind: 'json', schema: job },
  },
  resumeJob: {
    method: 'POST',
    path: '/api/jobs/{id}/resume',
    summary:
      'Goes on with a run that is paused or was interrupted, from its last checkpoint, to the same result',
    action: 'write',
    answer: { kind: 'json', schema: job },
  },
})
