import { z } from 'zod'
import { count } from './common.ts'
import { job } from './jobs.ts'
import { operations } from './operation.ts'

export const attention = z
  .object({
    what: z.enum(['job-failed', 'run-interrupted', 'model-broken', 'not-promoted']),
    id: z.string().meta({ description: 'of the job or model' }),
    message: z.string(),
    hint: z.string().optional(),
  })
  .meta({ id: 'Attention' })

export const state = z
  .object({
    hone: z.string().meta({ description: 'version' }),
    home: z.string(),
    isEmpty: z.boolean().meta({ description: 'true where there is no dataset, no tuned model and no job' }),
    counts: z.object({ datasets: count, bases: count, tuned: count, jobs: count }),
    running: z.array(job),
    finished: z.array(job).meta({ description: 'the last ten that ended' }),
    attention: z.array(attention),
    modelsInMemory: count,
    user: z.string().meta({ description: 'of the key that asked' }),
    allow: z.array(z.string()).meta({ description: 'what the key may do' }),
  })
  .meta({ id: 'State' })

export const stateOperations = operations({
  getState: {
    method: 'GET',
    path: '/api/state',
    summary: 'What runs, what finished, and what needs attention',
    action: 'read',
    answer: { kind: 'json', schema: state },
  },
})
