import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const recordSchema = z.strictObject({
  messages: z.tuple([
    z.strictObject({ role: z.literal('system'), content: z.string().min(1) }),
    z.strictObject({ role: z.literal('user'), content: z.string().min(1) }),
    z.strictObject({ role: z.literal('assistant'), content: z.string().min(1) }),
  ]),
})

/** A text file of an example of this project, with line feeds on every system. */
export const exampleFile = (example: string, name: string): string =>
  readFileSync(join('examples', example, name), 'utf8').replaceAll('\r\n', '\n')

/** The records of `data.jsonl`; each must be a system, a user and an assistant message. */
export const exampleRecords = (example: string): { system: string; user: string; answer: string }[] =>
  exampleFile(example, 'data.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => recordSchema.parse(JSON.parse(line)).messages)
    .map(([system, user, assistant]) => ({
      system: system.content,
      user: user.content,
      answer: assistant.content,
    }))

/** What the generator of an example prints. */
export async function generated(example: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join('examples', example, 'generate.mjs'), '-'],
    { maxBuffer: 16 * 1024 * 1024 },
  )
  return stdout
}
