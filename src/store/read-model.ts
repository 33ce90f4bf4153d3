import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { baseManifest } from '../core/base-manifest.ts'
import { HoneError } from '../core/errors.ts'
import { trainingJob, type ImportedAdapter } from '../core/training-job.ts'
import { isModelId, modelFolder } from '../lib/home-layout.ts'
import { readJsonFile } from '../lib/read-json-file.ts'

/** What a model's folder holds. */
export type StoredModel =
  | {
      readonly kind: 'base'
      readonly id: string
      readonly folder: string
      readonly architecture: string
      /** Numbers in all tensors. */
      readonly parameters: number
      /** Tokens. */
      readonly contextLength: number
      readonly licence: string | null
      /** `owner/name@revision`, `package==version`, or a path. */
      readonly source: string
      /** ISO 8601, UTC. */
      readonly createdAt: string
    }
  | {
      readonly kind: 'tuned'
      readonly id: string
      readonly folder: string
      /** Id of the base. */
      readonly base: string
      /** Optimizer steps done. */
      readonly steps: number
      /** Step whose adapter is used. */
      readonly bestStep: number
      readonly bestValidationLoss: number | null
      /** What every training record had for a system prompt; null where they had none, or differed. */
      readonly systemPrompt: string | null
      /** Where its adapter came from; null for one that was trained here. */
      readonly imported: ImportedAdapter | null
      readonly createdAt: string
    }
  /** A training run that was started and has not come to its end. */
  | {
      readonly kind: 'unfinished'
      readonly id: string
      readonly folder: string
      readonly base: string
      /** Optimizer steps of the whole run. */
      readonly steps: number
      readonly createdAt: string
    }
  | { readonly kind: 'broken'; readonly id: string; readonly folder: string; readonly problem: string }

const tunedManifest = z.object({
  schema: z.literal(1),
  kind: z.literal('tuned'),
  id: z.string(),
  base: z.object({ id: z.string(), folder: z.string() }),
  adapter: z.string(),
  systemPrompt: z.string().nullable().default(null),
  stepsDone: z.int(),
  bestStep: z.int(),
  metrics: z.object({ bestValidationLoss: z.number().nullable() }),
  imported: z
    .object({ from: z.string(), sha256: z.string(), trainedOn: z.string().nullable() })
    .nullable()
    .default(null),
  createdAt: z.string(),
})

const baseKind = z.looseObject({ kind: z.literal('base') })
const anyManifest = z.discriminatedUnion('kind', [baseKind, z.looseObject({ kind: z.literal('tuned') })])

/** Reads the manifest of a model's folder; what cannot be read is a `broken` model, never an exception. */
export async function readStoredModel(folder: string, id: string): Promise<StoredModel> {
  try {
    return await readManifest(folder)
  } catch (error) {
    const problem =
      error instanceof z.ZodError
        ? `not the manifest of a model: ${issueText(error)}`
        : HoneError.isInstance(error)
          ? error.message
          : String(error)
    return { kind: 'broken', id, folder, problem }
  }
}

/** Where the parts of a model lie. */
export interface ModelFolders {
  readonly base: string
  /** Absent for a base. */
  readonly adapter?: string
}

/**
 * The folders from which a base or tuned model is loaded. The base of a tuned model is looked for where it was when it
 * was trained, then by its id in the home, which may have moved.
 *
 * @throws HoneError `E_MODEL_UNKNOWN` when the base is gone, `E_MODEL_FILE` for a manifest that cannot be read
 */
export async function readModelFolders(home: string, folder: string): Promise<ModelFolders> {
  const file = join(folder, 'manifest.json')
  const json = await readJsonFile(file, 'E_MODEL_FILE')
  const parsed = z.discriminatedUnion('kind', [tunedManifest, baseKind]).safeParse(json)
  if (!parsed.success) {
    throw new HoneError('E_MODEL_FILE', `not the manifest of a model: ${issueText(parsed.error)}`, {
      at: { file },
    })
  }
  if (parsed.data.kind === 'base') return { base: folder }
  const { base, adapter } = parsed.data
  const places = [base.folder, ...(isModelId(base.id) ? [modelFolder(home, base.id)] : [])]
  for (const place of places) {
    if ((await stat(join(place, 'manifest.json')).catch(() => undefined)) !== undefined) {
      return { base: place, adapter: join(folder, adapter) }
    }
  }
  throw new HoneError('E_MODEL_UNKNOWN', `its base ${base.id} is not here any more`, {
    at: { file: base.folder },
    hint: `bring it back: hone models pull ${base.id}, or hone models import FOLDER|FILE.gguf --id ${base.id}`,
  })
}

async function readManifest(folder: string): Promise<StoredModel> {
  const json = await readJsonFile(join(folder, 'manifest.json'), 'E_MODEL_FILE')
  if (json === undefined) return readJob(folder)
  if (anyManifest.parse(json).kind === 'base') {
    const { id, architecture, parameters, contextLength, licence, source, createdAt } =
      baseManifest.parse(json)
    return {
      kind: 'base',
      id,
      folder,
      architecture,
      parameters,
      contextLength,
      licence,
      source: source.name,
      createdAt,
    }
  }
  const { id, base, stepsDone, bestStep, metrics, systemPrompt, imported, createdAt } =
    tunedManifest.parse(json)
  const { bestValidationLoss } = metrics
  return {
    kind: 'tuned',
    id,
    folder,
    base: base.id,
    steps: stepsDone,
    bestStep,
    bestValidationLoss,
    systemPrompt,
    imported,
    createdAt,
  }
}

async function readJob(folder: string): Promise<StoredModel> {
  const json = await readJsonFile(join(folder, 'job.json'), 'E_MODEL_FILE')
  if (json === undefined)
    throw new HoneError('E_MODEL_FILE', 'there is no manifest.json', { at: { file: folder } })
  const { id, base, steps, createdAt } = trainingJob.parse(json)
  return { kind: 'unfinished', id, folder, base: base.id, steps, createdAt }
}

function issueText(error: z.ZodError): string {
  const [issue] = error.issues
  return `/${issue?.path.join('/') ?? ''} ${issue?.message ?? 'unreadable'}`
}
