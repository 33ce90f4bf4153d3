import { z } from 'zod'
import type { ListedObject } from './page.ts'

/** A file that a client uploaded. */
export interface ShownFile {
  readonly id: string
  readonly filename: string
  readonly contentType: string
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly expiresAt: number | null
}

/** A file as `GET /v1/files/{id}` shows it. Source: https://docs.anthropic.com/en/api/files-create */
export const writeFile = (file: ShownFile): ListedObject => ({
  id: file.id,
  type: 'file',
  filename: file.filename,
  mime_type: file.contentType,
  size_bytes: file.bytes,
  created_at: new Date(file.createdAt).toISOString(),
  expires_at: file.expiresAt === null ? null : new Date(file.expiresAt).toISOString(),
  // Anthropic gives back only what its tools have made; here a client has its own files back.
  downloadable: true,
})

/** Members of an upload's form beside the file. */
export interface UploadMembers {
  readonly expires_in_seconds?: number | undefined
}

export const uploadMembers: z.ZodType<UploadMembers> = z.strictObject({
  expires_in_seconds: z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number is wanted')
    .transform(Number)
    .refine((seconds) => seconds >= 3600 && seconds <= 7_776_000, 'between 3600 and 7776000')
    .optional(),
})
