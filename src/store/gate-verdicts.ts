import { join } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../core/errors.ts'
import { readJsonFile } from '../lib/read-json-file.ts'
import { replaceFileWith } from '../lib/replace-file.ts'

/** The last verdict of the gate on a model, kept with the model. */
export interface StoredGateVerdict {
  readonly schema: 1
  readonly kind: 'gate-verdict'
  /** ISO 8601, UTC. */
  readonly at: string
  /** Id of the model that the folder holds. */
  readonly model: string
  /** What the verdict rests on. */
  readonly evidence: readonly {
    readonly set: string
    readonly file: string
    readonly sha256: string
    readonly rows: number
  }[]
  readonly verdict: {
    readonly schema: 1
    readonly verdict: 'promoted' | 'not promoted' | 'not enough data'
    readonly candidate: string
    readonly baseline: string
    /** With what else the gate says of each. */
    readonly rules: readonly {
      readonly rule: string
      readonly outcome: 'pass' | 'fail' | 'not enough data'
      readonly [fact: string]: unknown
    }[]
  }
}

const outcome = z.enum(['pass', 'fail', 'not enough data'])
const storedVerdict: z.ZodType<StoredGateVerdict> = z.object({
  schema: z.literal(1),
  kind: z.literal('gate-verdict'),
  at: z.string(),
  model: z.string(),
  evidence: z.array(z.object({ set: z.string(), file: z.string(), sha256: z.string(), rows: z.int() })),
  verdict: z.looseObject({
    schema: z.literal(1),
    verdict: z.enum(['promoted', 'not promoted', 'not enough data']),
    candidate: z.string(),
    baseline: z.string(),
    rules: z.array(z.looseObject({ rule: z.string(), outcome })),
  }),
})

const fileOf = (modelFolder: string): string => join(modelFolder, 'gate.json')

/** @throws HoneError `E_DISK` */
export async function writeGateVerdict(modelFolder: string, verdict: StoredGateVerdict): Promise<string> {
  const file = fileOf(modelFolder)
  await replaceFileWith(file, `${JSON.stringify(verdict, null, 2)}\n`)
  return file
}

/**
 * The last verdict of the gate on a model; undefined when there is none.
 *
 * @throws HoneError `E_MODEL_FILE` for a file that holds something else
 */
export async function readGateVerdict(modelFolder: string): Promise<StoredGateVerdict | undefined> {
  const file = fileOf(modelFolder)
  const value = await readJsonFile(file, 'E_MODEL_FILE')
  if (value === undefined) return undefined
  const parsed = storedVerdict.safeParse(value)
  if (parsed.success) return parsed.data
  throw new HoneError('E_MODEL_FILE', 'this is no verdict of the gate', {
    at: { file },
    hint: 'remove the file, and let hone gate judge anew',
  })
}
