import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { Adapter } from '../adapter/adapter.ts'
import { writeAdapter } from '../adapter/adapter-files.ts'

/** How training stood at the end of an epoch. */
export interface EpochEnd {
  readonly step: number
  /** Counted from 1. */
  readonly epoch: number
  /** Of the last step. */
  readonly loss: number
  /** Null where there was no validation at this step. */
  readonly validationLoss: number | null
}

/** The adapter of an epoch's end. */
export interface EpochAdapter extends EpochEnd {
  /** Folder in PEFT's layout. */
  readonly folder: string
}

const epochsFolder = 'epochs'
const epochFile = 'epoch.json'

const epochEnd: z.ZodType<EpochEnd> = z.object({
  schema: z.literal(1),
  step: z.int(),
  epoch: z.int(),
  loss: z.number(),
  validationLoss: z.number().nullable(),
})

/** Writes the adapter of an epoch's end into the job's folder, and removes all but the newest ones. */
export async function writeEpochAdapter(
  jobFolder: string,
  adapter: Adapter,
  end: EpochEnd,
  { base, dropout, kept }: { readonly base: string; readonly dropout: number; readonly kept: number },
): Promise<void> {
  const root = join(jobFolder, epochsFolder)
  const folder = join(root, `step-${String(end.step).padStart(6, '0')}`)
  await writeAdapter(folder, adapter, base, { dropout })
  // Its file makes the folder the adapter of an epoch, so it comes last.
  await replaceFileWith(join(folder, epochFile), `${JSON.stringify({ schema: 1, ...end })}\n`)
  const old = (await epochNames(root)).slice(0, -kept)
  for (const name of old) await rm(join(root, name), { recursive: true, force: true })
}

/** The adapters of epochs that a job's folder holds, oldest first. */
export async function listEpochAdapters(jobFolder: string): Promise<EpochAdapter[]> {
  const root = join(jobFolder, epochsFolder)
  const found: EpochAdapter[] = []
  for (const name of await epochNames(root)) {
    const folder = join(root, name)
    const end = await readJsonFile(join(folder, epochFile), 'E_MODEL_FILE')
    if (end !== undefined) found.push({ ...epochEnd.parse(end), folder })
  }
  return found
}

/** Oldest first. */
async function epochNames(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => [])
  return names.filter((name) => /^step-\d+$/.test(name)).toSorted()
}
