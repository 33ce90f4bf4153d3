import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { jobStage, jobStages, queueStates, stagesCalled } from './job-stages.ts'
import { freshProgress, phaseNames, type Phase } from './tuning-job.ts'

const phase = fc.constantFrom<Phase['state'][]>('waiting', 'running', 'done', 'failed', 'stopped')
const job = fc
  .record({
    state: fc.constantFrom('queued', 'running', 'paused', 'succeeded', 'failed', 'stopped'),
    stopRequested: fc.boolean(),
    pauseRequested: fc.boolean(),
    phases: fc.tuple(phase, phase, phase),
  })
  .map(({ phases, ...rest }) => ({
    ...rest,
    progress: {
      ...freshProgress,
      phases: Object.fromEntries(
        phaseNames.map((name, at) => [name, { state: phases[at] ?? 'waiting' }]),
      ) as typeof freshProgress.phases,
    },
  }))

test('a job is found by the status that any dialect shows it with', () => {
  fc.assert(
    fc.property(job, fc.constantFrom('bedrock', 'openai', 'anthropic'), (found, dialect) => {
      const stage = jobStage(found)
      const wanted = stagesCalled(dialect, jobStages[stage][dialect].status)
      expect(wanted).toContain(stage)
      expect(queueStates(wanted)).toContain(found.state)
    }),
  )
})

test('what Bedrock calls stopped hides its checkpoints, what OpenAI calls cancelled keeps them', () => {
  expect(jobStages.stopped).toMatchObject({
    bedrock: { status: 'Stopped', checkpoints: false },
    openai: { status: 'cancelled', checkpoints: true },
    anthropic: { status: 'canceled', checkpoints: true },
  })
})

test('no dialect says that a job has ended which has not', () => {
  const over = { bedrock: ['Completed', 'Failed', 'Stopped'], anthropic: ['succeeded', 'failed', 'canceled'] }
  fc.assert(
    fc.property(job, (found) => {
      const row = jobStages[jobStage(found)]
      const ended = ['succeeded', 'failed', 'stopped'].includes(found.state)
      expect(over.bedrock.includes(row.bedrock.status)).toBe(ended)
      expect(over.anthropic.includes(row.anthropic.status)).toBe(ended)
    }),
  )
})
