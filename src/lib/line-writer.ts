import type { FileWriter } from './replace-file.ts'

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
