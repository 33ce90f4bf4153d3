import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import { trainingJob, type JobDataFile, type TrainingJob } from '../../core/training-job.ts'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'

export const jobFile = 'job.json'
export const manifestFile = 'manifest.json'
const dataFolder = 'data'

const jsonObject = z.record(z.string(), z.unknown())
const message = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: jsonObject })).exactOptional(),
  toolCallId: z.string().exactOptional(),
  failed: z.boolean().exactOptional(),
})
const exampleLine = z.object({
  id: z.string(),
  messages: z.array(message),
  tools: z
    .array(
      z.object({
        name: z.string(),
        description: z.string().exactOptional(),
        parameters: jsonObject.exactOptional(),
      }),
    )
    .exactOptional(),
  weight: z.number().exactOptional(),
  learned: z.array(z.boolean()).exactOptional(),
  rejected: z.string().exactOptional(),
})

/** Writes the examples that a job learns from beside it, so that it can be resumed whatever becomes of their source. */
export async function writeJobData(
  jobFolder: string,
  name: string,
  examples: readonly Example[],
): Promise<JobDataFile> {
  const folder = join(jobFolder, dataFolder)
  await mkdir(folder, { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, folder)
  })
  const text = jobDataText(examples)
  const file = `${dataFolder}/${name}.jsonl`
  await replaceFileWith(join(jobFolder, file), text)
  return { file, examples: examples.length, sha256: createHash('sha256').update(text).digest('hex') }
}

/** Examples as the lines of a job's data file. */
export const jobDataText = (examples: readonly Example[]): string =>
  examples
    .map(
      ({ id, messages, weight, learned, rejected, tools }) =>
        `${JSON.stringify({ id, messages, weight, learned, rejected, tools })}\n`,
    )
    .join('')

/** @throws HoneError `E_RESUME` when the file is missing or was changed */
export async function readJobData(jobFolder: string, { file, sha256 }: JobDataFile): Promise<Example[]> {
  const path = join(jobFolder, file)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined || createHash('sha256').update(text).digest('hex') !== sha256) {
    throw new HoneError(
      'E_RESUME',
      `the job's data is ${text === undefined ? 'missing' : 'not what it started with'}`,
      {
        at: { file: path },
        hint: 'start a new job',
      },
    )
  }
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => exampleLine.parse(JSON.parse(line)))
}

/** Written last when a job is made: a folder without it is no job. */
export async function writeJob(jobFolder: string, job: TrainingJob): Promise<void> {
  await replaceFileWith(join(jobFolder, jobFile), `${JSON.stringify(job, null, 2)}\n`)
}

/** @throws HoneError `E_RESUME` where there is no job, or one that cannot be read */
export async function readJob(jobFolder: string): Promise<TrainingJob> {
  const file = join(jobFolder, jobFile)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new HoneError('E_RESUME', 'there is no training job in this folder', {
      at: { file: jobFolder },
      hint: 'name the folder that `hone train --out` was given',
    })
  }
  const parsed = trainingJob.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HoneError('E_RESUME', `the job cannot be read: ${issue?.message ?? 'not JSON'}`, {
    at: { file, pointer: `/${issue?.path.join('/') ?? ''}` },
    hint: 'start a new job',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
