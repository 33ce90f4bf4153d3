import { createHash } from 'node:crypto'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Arithmetic } from '../../core/arithmetic.ts'
import type { CandidateAnswer } from '../../evaluate/evaluation.ts'
import { diskError } from '../../lib/disk-error.ts'
import { readLines } from '../../lib/read-lines.ts'
import type { AnswerSettings, Question } from '../run/answer-examples.ts'

type Answered = Omit<CandidateAnswer, 'exampleId'>

/** All that the answers of a file depend on besides the question of each line. */
export interface AnswerFileKey extends AnswerSettings {
  /** Names everything of the model that its answers depend on. */
  readonly model: string
  readonly labels?: readonly string[]
  /** Where it is not `exact`. */
  readonly arithmetic?: Arithmetic
}

/**
 * The answers of one model under one set of settings: a JSON line each, written as they come, so that what was answered when a
 * process is killed is there. Questions that failed are on record too, and are asked again.
 */
export class AnswerFile implements AsyncDisposable {
  readonly path: string
  readonly #handle: FileHandle
  readonly #known: Map<string, Answered>
  /** Lines are written one after another. */
  #written: Promise<void> = Promise.resolve()

  private constructor(path: string, handle: FileHandle, known: Map<string, Answered>) {
    this.path = path
    this.#handle = handle
    this.#known = known
  }

  /** What was answered before, without making a file. */
  static async known(
    folder: string,
    key: AnswerFileKey,
    signal?: AbortSignal,
  ): Promise<(question: Question) => CandidateAnswer | undefined> {
    const known = await readAnswers(pathOf(folder, key), signal)
    return (question) => answerIn(known, question)
  }

  /** @throws HoneError `E_DISK` */
  static async open(folder: string, key: AnswerFileKey, signal?: AbortSignal): Promise<AnswerFile> {
    const path = pathOf(folder, key)
    const known = await readAnswers(path, signal)
    try {
      await mkdir(dirname(path), { recursive: true })
      const handle = await open(path, 'a+')
      const { size } = await handle.stat()
      if (size === 0) await handle.appendFile(`${JSON.stringify({ schema: 1, kind: 'answers', ...key })}\n`)
      else {
        // A process that was killed may have left half a line.
        const last = Buffer.alloc(1)
        await handle.read(last, 0, 1, size - 1)
        if (last.toString() !== '\n') await handle.appendFile('\n')
      }
      return new AnswerFile(path, handle, known)
    } catch (error) {
      throw await diskError(error, path)
    }
  }

  /** The answer to a question that was asked before. */
  find(question: Question): CandidateAnswer | undefined {
    return answerIn(this.#known, question)
  }

  /** Adds a line. @throws HoneError `E_DISK`, also for every line after one that could not be written */
  add(question: Question, answer: CandidateAnswer): Promise<void> {
    const line = `${JSON.stringify({ question: questionKey(question), ...answer })}\n`
    this.#written = this.#written.then(() => this.#append(line))
    return this.#written
  }

  async #append(line: string): Promise<void> {
    try {
      await this.#handle.appendFile(line)
    } catch (error) {
      throw await diskError(error, this.path)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.sync().catch(() => undefined)
    await this.#handle.close()
  }
}

function pathOf(folder: string, key: AnswerFileKey): string {
  const hash = createHash('sha256')
    .update(JSON.stringify({ schema: 1, ...key }))
    .digest('hex')
  return join(folder, `answers-${hash.slice(0, 16)}.jsonl`)
}

function answerIn(known: ReadonlyMap<string, Answered>, question: Question): CandidateAnswer | undefined {
  const found = known.get(questionKey(question))
  return found === undefined ? undefined : { exampleId: question.exampleId, ...found }
}

const questionKey = ({ messages, tools }: Question): string =>
  createHash('sha256')
    .update(JSON.stringify(tools === undefined ? messages : { messages, tools }))
    .digest('hex')
    .slice(0, 32)

async function readAnswers(path: string, signal: AbortSignal | undefined): Promise<Map<string, Answered>> {
  const known = new Map<string, Answered>()
  try {
    for await (const line of readLines(path, signal === undefined ? {} : { signal })) {
      const row = 'text' in line ? parsedRow(line.text) : undefined
      if (row === undefined) continue
      const { question, exampleId: _, ...answer } = row
      if (answer.failed === undefined) known.set(question, answer)
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return known
}

/** Undefined for the first line, for half a line, and for one that somebody broke. */
function parsedRow(text: string): (CandidateAnswer & { readonly question: string }) | undefined {
  try {
    const row = JSON.parse(text) as CandidateAnswer & { readonly question: string }
    const isRow =
      typeof row.question === 'string' &&
      typeof row.answer === 'string' &&
      Number.isFinite(row.promptTokens) &&
      Number.isFinite(row.completionTokens)
    return isRow ? row : undefined
  } catch {
    return undefined
  }
}
