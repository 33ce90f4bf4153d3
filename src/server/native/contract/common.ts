import { z } from 'zod'

/** RFC 3339, UTC. */
export const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC' })

/** Where a failure is: any part that is known. */
export const place = z
  .object({
    file: z.string().optional(),
    line: z.int().optional().meta({ description: 'counted from 1' }),
    pointer: z.string().optional().meta({ description: 'JSON pointer (RFC 6901)' }),
  })
  .meta({ id: 'Place' })

/** What every refused request is answered with. */
export const apiError = z
  .object({
    code: z.string().meta({ description: 'stable; docs/errors.md explains each' }),
    message: z.string(),
    at: place,
    hint: z.string().optional().meta({ description: 'what to do about it' }),
  })
  .meta({ id: 'Error' })

/** How far work is whose answer takes a while. */
export const progress = z
  .object({
    step: z.string().meta({ description: 'what is being done' }),
    done: z.number(),
    total: z.number().nullable().meta({ description: 'null where it is not known' }),
    unit: z.enum(['bytes', 'records', 'files', 'steps']),
    message: z.string().optional(),
  })
  .meta({ id: 'Progress' })

/** Number that is sent as text. */
export const whole = (least: number, most: number): z.ZodType<number> =>
  z.coerce.number().int().min(least).max(most)

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

export const removed = z.object({ id: z.string(), removed: z.literal(true) }).meta({ id: 'Removed' })

export const count = z.int().min(0)

export const valueCount = z.object({ value: z.string(), count }).meta({ id: 'ValueCount' })
