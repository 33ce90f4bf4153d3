import { z } from 'zod'

/** Texts that a client keeps with an object. */
export type Metadata = Readonly<Record<string, string>>

const mostPairs = 16

/** Source: https://platform.openai.com/docs/api-reference/fine-tuning/create (metadata) */
export const metadata: z.ZodType<Metadata> = z
  .record(
    z.string().max(64, 'a key has at most 64 characters'),
    z.string().max(512, 'a value has at most 512 characters'),
  )
  .refine((pairs) => Object.keys(pairs).length <= mostPairs, `there can be ${mostPairs} pairs at most`)
