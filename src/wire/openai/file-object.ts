import { z } from 'zod'
import { toSeconds } from './object-id.ts'

/** What a client may upload a file for. */
export const uploadPurposes = ['fine-tune', 'batch', 'user_data', 'evals', 'assistants', 'vision'] as const

/** Purposes whose files are lines of JSON. */
export const linesPurposes: readonly string[] = ['fine-tune', 'batch']

/** Source: https://platform.openai.com/docs/api-reference/files/create, and of batches …/batch/create */
export const largestFile = (purpose: string): number => (purpose === 'batch' ? 200 : 512) * 10 ** 6
export const largestPart: number = 64 * 2 ** 20
const largestUpload: number = 8 * 2 ** 30

export const purpose: z.ZodType<(typeof uploadPurposes)[number]> = z.enum(uploadPurposes)

/** How long a file stays, from its creation on. */
export const expiresAfter: z.ZodType<{ readonly anchor: 'created_at'; readonly seconds: number }> =
  z.strictObject({
    anchor: z.literal('created_at'),
    seconds: z.int().min(3600).max(2_592_000),
  })

export interface FileFacts {
  readonly id: string
  readonly filename: string
  readonly bytes: number
  readonly purpose: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly expiresAt: number | null
}

export interface FileObject {
  readonly id: string
  readonly object: 'file'
  readonly bytes: number
  readonly created_at: number
  readonly expires_at: number | null
  readonly filename: string
  readonly purpose: string
  readonly status: 'processed'
  readonly status_details: null
}

export const writeFileObject = (file: FileFacts): FileObject => ({
  id: file.id,
  object: 'file',
  bytes: file.bytes,
  created_at: toSeconds(file.createdAt),
  expires_at: file.expiresAt === null ? null : toSeconds(file.expiresAt),
  filename: file.filename,
  purpose: file.purpose,
  status: 'processed',
  status_details: null,
})

/** The body of `POST /v1/uploads`. */
export const uploadRequest: z.ZodType<{
  readonly bytes: number
  readonly filename: string
  readonly mime_type: string
  readonly purpose: (typeof uploadPurposes)[number]
  readonly expires_after?: { readonly anchor: 'created_at'; readonly seconds: number } | undefined
}> = z.strictObject({
  bytes: z.int().min(1).max(largestUpload),
  filename: z.string().min(1).max(500),
  mime_type: z.string().min(1).max(200),
  purpose,
  expires_after: expiresAfter.optional(),
})

/** The body of `POST /v1/uploads/ID/complete`. */
export const completeRequest: z.ZodType<{
  readonly part_ids: readonly string[]
  readonly md5?: string | undefined
}> = z.strictObject({
  part_ids: z.array(z.string()).min(1).max(10_000),
  md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/i, 'must be 32 hexadecimal digits')
    .optional(),
})
