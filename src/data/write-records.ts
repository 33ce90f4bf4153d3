import { resolve } from 'node:path'
import { stat } from 'node:fs/promises'
import { HoneError } from '../core/errors.ts'
import type { FileWriter } from '../lib/replace-file.ts'

const flushFrom = 2 ** 20

/** Writes lines in pieces of about a megabyte. */
export class LineWriter {
  readonly #writer: Pick<FileWriter, 'write'>
  #parts: string[] = []
  #length = 0
  lines = 0

  constructor(writer: Pick<FileWriter, 'write'>) {
    this.#writer = writer
  }

  async write(line: string): Promise<void> {
    this.#parts.push(line, '\n')
    this.#length += line.length
    this.lines++
    if (this.#length >= flushFrom) await this.flush()
  }

  async flush(): Promise<void> {
    const text = this.#parts.join('')
    this.#parts = []
    this.#length = 0
    if (text !== '') await this.#writer.write(Buffer.from(text))
  }
}

/**
 * @throws HoneError `E_EXISTS` for an output that is one of the inputs, whatever `force` says, or that is there without it
 */
export async function refuseOutput(output: string, inputs: readonly string[], force: boolean): Promise<void> {
  const found = await stat(output).catch(() => undefined)
  const same = await Promise.all(
    inputs.map(async (input) => {
      const other = await stat(input).catch(() => undefined)
      const isSameFile =
        found !== undefined && other?.ino === found.ino && other.dev === found.dev && found.ino !== 0
      return resolve(input) === resolve(output) || isSameFile
    }),
  )
  if (same.includes(true)) {
    throw new HoneError('E_EXISTS', 'the output would replace what is read', {
      at: { file: output },
      hint: 'name another file: inputs are never changed',
    })
  }
  if (found === undefined || (force && found.isFile())) return
  throw new HoneError('E_EXISTS', found.isFile() ? 'this file is there already' : 'this is no file', {
    at: { file: output },
    hint: found.isFile() ? 'name another file, or replace it with --force' : 'name a file',
  })
}
