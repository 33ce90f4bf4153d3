import { statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../core/errors.ts'
import { readJsonFile } from '../lib/read-json-file.ts'
import { replaceFileWith } from '../lib/replace-file.ts'

/** How the label of a question is decided by the probabilities of all labels, kept with the model. */
export interface StoredLabelDecision {
  readonly schema: 1
  readonly kind: 'label-decision'
  /** Id of the model that the folder holds. */
  readonly model: string
  readonly labels: readonly string[]
  /** What is taken off: τ times the logarithm of a label's share. */
  readonly tau: number
  readonly shares: readonly { readonly label: string; readonly share: number }[]
  /** The rows that τ was chosen on; null where nothing was chosen. */
  readonly chosenOn: { readonly split: string; readonly rows: number; readonly macroF1: number } | null
}

const storedDecision: z.ZodType<StoredLabelDecision> = z.object({
  schema: z.literal(1),
  kind: z.literal('label-decision'),
  model: z.string(),
  labels: z.array(z.string()).min(1),
  tau: z.number().min(0).max(1),
  shares: z.array(z.object({ label: z.string(), share: z.number().gt(0).max(1) })),
  chosenOn: z.object({ split: z.string(), rows: z.int(), macroF1: z.number() }).nullable(),
})

const fileOf = (modelFolder: string): string => join(modelFolder, 'label-decision.json')

/** @throws HoneError `E_DISK` */
export async function writeLabelDecision(modelFolder: string, decision: StoredLabelDecision): Promise<void> {
  await replaceFileWith(fileOf(modelFolder), `${JSON.stringify(decision, null, 2)}\n`)
}

export const removeLabelDecision = (modelFolder: string): Promise<void> =>
  rm(fileOf(modelFolder), { force: true })

/**
 * How a model's labels are decided; undefined where its answers are taken as written.
 *
 * @throws HoneError `E_MODEL_FILE` for a file that holds something else
 */
export async function readLabelDecision(modelFolder: string): Promise<StoredLabelDecision | undefined> {
  const file = fileOf(modelFolder)
  const value = await readJsonFile(file, 'E_MODEL_FILE')
  if (value === undefined) return undefined
  const parsed = storedDecision.safeParse(value)
  if (parsed.success) return parsed.data
  throw new HoneError('E_MODEL_FILE', 'this does not say how labels are decided', {
    at: { file },
    hint: 'remove the file, and measure anew: hone eval run',
  })
}

/**
 * `readLabelDecision` for a server, which asks before every answer: a file is read again when it was replaced.
 *
 * @throws HoneError as it does
 */
export function labelDecisionReader(): typeof readLabelDecision {
  const known = new Map<
    string,
    { readonly stamp: string; readonly decision: StoredLabelDecision | undefined }
  >()
  return async (modelFolder) => {
    // Not with a promise: that waits in the queue of the file system's threads, a fifth of a short answer's time.
    const found = statSync(fileOf(modelFolder), { throwIfNoEntry: false })
    if (found === undefined) {
      known.delete(modelFolder)
      return undefined
    }
    const stamp = `${found.ino} ${found.mtimeMs} ${found.size}`
    const kept = known.get(modelFolder)
    if (kept?.stamp === stamp) return kept.decision
    const decision = await readLabelDecision(modelFolder)
    known.set(modelFolder, { stamp, decision })
    return decision
  }
}
