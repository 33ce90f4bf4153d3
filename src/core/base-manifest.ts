import { z } from 'zod'

const modelFile = z.object({
  /** Name in the folder that it is or was in. */
  name: z.string(),
  bytes: z.int().nonnegative(),
  /** SHA-256 in hexadecimal digits. */
  sha256: z.string(),
})

/** `manifest.json` of a base model's folder. */
export const baseManifest: z.ZodType<BaseManifest> = z.object({
  schema: z.literal(1),
  kind: z.literal('base'),
  id: z.string(),
  architecture: z.string(),
  parameters: z.int().positive(),
  contextLength: z.int().positive(),
  licence: z.string().nullable(),
  source: z.object({
    kind: z.enum(['hub', 'wheel', 'folder', 'file']),
    name: z.string(),
    files: z.array(modelFile),
  }),
  weights: z.array(modelFile).min(1),
  createdAt: z.string(),
})

export interface ModelFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

export interface BaseManifest {
  readonly schema: 1
  readonly kind: 'base'
  readonly id: string
  /** Name of the engine's architecture, such as `llama`. */
  readonly architecture: string
  /** Numbers in all tensors. */
  readonly parameters: number
  /** Longest sequence in tokens. */
  readonly contextLength: number
  /** SPDX identifier or the words of the source, null where none is given. */
  readonly licence: string | null
  readonly source: ModelOrigin
  /** Weights files in the folder. */
  readonly weights: readonly ModelFile[]
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

/** Where a base came from. */
export interface ModelOrigin {
  readonly kind: 'hub' | 'wheel' | 'folder' | 'file'
  /** `owner/name@revision`, `package==version`, or a path. */
  readonly name: string
  readonly files: readonly ModelFile[]
}
