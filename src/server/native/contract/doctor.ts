import { z } from 'zod'
import { operations } from './operation.ts'

export const doctorReport = z
  .object({
    schema: z.literal(1),
    usable: z.boolean().meta({ description: 'true when nothing is missing' }),
    hone: z.string(),
    home: z.string(),
    checks: z.array(
      z.object({
        name: z.string(),
        status: z.enum(['ok', 'warn', 'missing']),
        found: z.string(),
        fix: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'DoctorReport' })

export const doctorOperations = operations({
  getDoctor: {
    method: 'GET',
    path: '/api/doctor',
    summary: 'What this machine has, what would be used, and what is missing',
    action: 'read',
    answer: { kind: 'json', schema: doctorReport },
  },
})
