import { z } from 'zod'
import { operations } from './operation.ts'

export const dataFormats = z
  .object({
    formats: z
      .array(z.object({ id: z.string(), form: z.string(), usedBy: z.string() }))
      .meta({ description: 'forms of records, as `from` and `as` name them' }),
    profiles: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          service: z.enum(['bedrock', 'openai', 'local']),
          asOf: z.string(),
        }),
      )
      .meta({ description: 'services whose rules data can be held against, as `for` names them' }),
  })
  .meta({ id: 'DataFormats' })

export const formatOperations = operations({
  getFormats: {
    method: 'GET',
    path: '/api/formats',
    summary: 'Forms of records that are read and written, and services whose rules can be checked',
    action: 'read',
    answer: { kind: 'json', schema: dataFormats },
  },
})
