import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { toModelId } from '../../lib/home-layout.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { readLines } from '../../lib/read-lines.ts'

/** An answer that was made elsewhere, as its file has it. */
export interface ForeignAnswer {
  /** Line of JSONL, or number of the result. */
  readonly line: number
  readonly id?: string | undefined
  /** Texts of which one is the input of the row. */
  readonly inputs: readonly string[]
  readonly candidate?: string | undefined
  readonly answer: string
  readonly promptTokens?: number | undefined
  readonly completionTokens?: number | undefined
  readonly latencyMs?: number | undefined
  readonly failed?: string | undefined
}

const count = z.int().min(0).exactOptional()

const answerLine = z
  .strictObject({
    id: z.string().min(1).exactOptional(),
    input: z.string().min(1).exactOptional(),
    candidate: z.string().min(1).exactOptional(),
    answer: z.string(),
    promptTokens: count,
    completionTokens: count,
    latencyMs: z.number().min(0).exactOptional(),
  })
  .refine(({ id, input }) => id !== undefined || input !== undefined, 'an id or an input is missing')

const promptfooResult = z.object({
  vars: z.record(z.string(), z.unknown()).default({}),
  provider: z.union([z.string(), z.object({ id: z.string(), label: z.string().optional() })]),
  promptIdx: z.int().default(0),
  response: z
    .object({
      output: z.unknown(),
      tokenUsage: z.object({ prompt: z.int().optional(), completion: z.int().optional() }).optional(),
      cached: z.boolean().optional(),
    })
    .nullish(),
  error: z.string().nullish(),
  latencyMs: z.number().min(0).optional(),
})

const promptfooFile = z.object({ results: z.object({ results: z.array(promptfooResult).min(1) }) })

/**
 * Reads answers: a JSON line each with `id` or `input`, `answer`, and, where it is known, `candidate`, `promptTokens`,
 * `completionTokens` and `latencyMs`; or the JSON that promptfoo writes.
 *
 * @throws HoneError `E_DATA` with the line that is neither; `E_DATA_EMPTY`; `signal.reason`
 */
export async function readForeignAnswers(file: string, signal?: AbortSignal): Promise<ForeignAnswer[]> {
  try {
    const answers = (await readPromptfoo(file, signal)) ?? (await readAnswerLines(file, signal))
    if (answers.length > 0) return answers
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error
    throw new HoneError('E_DATA', `the file cannot be read: ${String(error.code)}`, {
      at: { file },
      cause: error,
    })
  }
  throw new HoneError('E_DATA_EMPTY', 'the file has no answers', { at: { file } })
}

async function readAnswerLines(file: string, signal: AbortSignal | undefined): Promise<ForeignAnswer[]> {
  const answers: ForeignAnswer[] = []
  for await (const line of readLines(file, signal === undefined ? {} : { signal })) {
    const refuse = (message: string, cause?: unknown): HoneError =>
      new HoneError('E_DATA', message, {
        at: { file, line: line.number },
        hint: 'a line is {"id": ROW or "input": TEXT, "answer": TEXT, "candidate": NAME}; docs/cli.md has the rest',
        cause,
      })
    if (!('text' in line)) throw refuse(line.fault === 'too-long' ? 'the line is too long' : 'not UTF-8 text')
    if (line.text.trim() === '') continue
    let value: unknown
    try {
      value = parseJson(line.text)
    } catch (error) {
      throw refuse(`not JSON: ${error instanceof Error ? error.message : String(error)}`, error)
    }
    const parsed = answerLine.safeParse(value)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
      throw refuse(`no answer: ${where}${issue?.message ?? ''}`, parsed.error)
    }
    const { input, ...rest } = parsed.data
    answers.push({ line: line.number, ...rest, inputs: input === undefined ? [] : [input] })
  }
  return answers
}

/** A larger file is read line by line, and so is not one of promptfoo. */
const largestJson = 256 * 2 ** 20

async function readPromptfoo(
  file: string,
  signal: AbortSignal | undefined,
): Promise<ForeignAnswer[] | undefined> {
  const bytes = await readFile(file, { signal })
  if (bytes.length > largestJson) return undefined
  let value: unknown
  try {
    value = parseJson(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  const parsed = promptfooFile.safeParse(value)
  if (!parsed.success) return undefined
  const results = parsed.data.results.results
  const severalPrompts = new Set(results.map(({ promptIdx }) => promptIdx)).size > 1
  return results.map(({ vars, provider, promptIdx, response, error, latencyMs }, at) => {
    const name =
      typeof provider === 'string'
        ? provider
        : provider.label === undefined || provider.label === ''
          ? provider.id
          : provider.label
    const candidate = toModelId(severalPrompts ? `${name}-prompt-${promptIdx + 1}` : name)
    const output = response?.output
    const id = vars['id']
    const hasAnswer = output !== undefined && output !== null
    return {
      line: at + 1,
      ...(typeof id === 'string' ? { id } : {}),
      inputs: Object.values(vars).filter((each) => typeof each === 'string'),
      candidate,
      answer: typeof output === 'string' ? output : hasAnswer ? JSON.stringify(output) : '',
      promptTokens: response?.tokenUsage?.prompt,
      completionTokens: response?.tokenUsage?.completion,
      // The time of an answer from its cache is not that of the model.
      ...(response?.cached === true ? {} : { latencyMs }),
      ...(hasAnswer ? {} : { failed: error ?? 'there is no output' }),
    }
  })
}
