import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'

/** A record that was answered. */
export interface AnsweredRow {
  /** Which of the job's files it stands in, and in which line, from 1. */
  readonly file: number
  readonly line: number
  readonly ok: boolean
  readonly inputTokens: number
  readonly outputTokens: number
  /** JSON of the record with its answer. */
  readonly text: string
}

/** What all answered records come to. */
export interface JournalTotals {
  readonly succeeded: number
  readonly failed: number
  readonly inputTokens: number
  readonly outputTokens: number
}

interface Place {
  readonly handle: FileHandle
  readonly from: number
  readonly bytes: number
}

const lineFeed = 0x0a
const tab = 0x09
/** Bytes of the numbers in front of an answer, at most. */
const largestHead = 120
const ending = '.journal'

/**
 * The answers of a batch job as they come in, on the disk before they count. Every attempt at the job writes a file of its
 * own and reads those of all others, so that a worker which lost the job and does not know it yet disturbs nobody. Of two
 * answers of one record the one that is read first stands; a line that a crash cut off is none.
 */
export class BatchJournal implements AsyncDisposable {
  readonly #file: string
  readonly #own: FileHandle
  readonly #handles: FileHandle[]
  readonly #places: Map<number, Place>[] = []
  #totals: JournalTotals = { succeeded: 0, failed: 0, inputTokens: 0, outputTokens: 0 }
  #bytes = 0
  #writing: Promise<void> = Promise.resolve()

  private constructor(file: string, own: FileHandle) {
    this.#file = file
    this.#own = own
    this.#handles = [own]
  }

  static async open(folder: string): Promise<BatchJournal> {
    await mkdir(folder, { recursive: true })
    const others = (await readdir(folder)).filter((name) => name.endsWith(ending)).toSorted()
    const file = join(folder, `${randomUUID()}${ending}`)
    const journal = new BatchJournal(file, await open(file, 'wx+'))
    try {
      for (const name of others) await journal.#read(join(folder, name))
      return journal
    } catch (error) {
      await journal[Symbol.asyncDispose]()
      throw error
    }
  }

  get totals(): JournalTotals {
    return this.#totals
  }

  has(file: number, line: number): boolean {
    return this.#places[file]?.has(line) ?? false
  }

  /** Keeps an answer; it is on the disk when this resolves. @throws HoneError `E_DISK` */
  add(row: AnsweredRow): Promise<void> {
    const done = this.#writing.then(() => this.#write(row))
    this.#writing = done.catch(() => undefined)
    return done
  }

  /** The answers of a file in the order of its lines. */
  async *answers(file: number): AsyncGenerator<Buffer> {
    const lines = [...(this.#places[file] ?? [])].toSorted(([a], [b]) => a - b)
    for (const [, { handle, from, bytes }] of lines) {
      const text = Buffer.alloc(bytes)
      for (let got = 0; got < bytes;) {
        const { bytesRead } = await handle.read(text, got, bytes - got, from + got)
        if (bytesRead === 0)
          throw new HoneError('E_INTERNAL', `a journal ends before its answer of ${bytes} bytes`)
        got += bytesRead
      }
      yield text
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing
    await Promise.all(this.#handles.map((handle) => handle.close()))
  }

  async #write(row: AnsweredRow): Promise<void> {
    const { file, line, ok, inputTokens, outputTokens, text } = row
    const head = `${JSON.stringify([file, line, ok ? 1 : 0, inputTokens, outputTokens])}\t`
    const bytes = Buffer.from(`${head}${text}\n`)
    try {
      for (let from = 0; from < bytes.length;) {
        from += (await this.#own.write(bytes, from, bytes.length - from, this.#bytes + from)).bytesWritten
      }
      await this.#own.datasync()
    } catch (error) {
      throw await diskError(error, this.#file, bytes.length)
    }
    this.#count(head, {
      handle: this.#own,
      from: this.#bytes + head.length,
      bytes: bytes.length - head.length,
    })
    this.#bytes += bytes.length
  }

  async #read(file: string): Promise<void> {
    const handle = await open(file)
    this.#handles.push(handle)
    const chunk = Buffer.alloc(256 * 1024)
    let head = ''
    let isHead = true
    let start = 0
    for (let at = 0; ;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at)
      if (bytesRead === 0) return
      for (let from = 0; from < bytesRead;) {
        const found = chunk.subarray(0, bytesRead).indexOf(isHead ? tab : lineFeed, from)
        const to = found === -1 ? bytesRead : found
        if (isHead) head = (head + chunk.toString('latin1', from, to)).slice(0, largestHead)
        from = to + 1
        if (found === -1) break
        if (isHead) start = at + from
        else {
          this.#count(head, { handle, from: start, bytes: at + from - start })
          head = ''
        }
        isHead = !isHead
      }
      at += bytesRead
    }
  }

  #count(head: string, place: Place): void {
    const [file = 0, line = 0, ok, inputTokens = 0, outputTokens = 0] = JSON.parse(head) as number[]
    const places = (this.#places[file] ??= new Map<number, Place>())
    if (places.has(line)) return
    places.set(line, place)
    const { succeeded, failed, inputTokens: read, outputTokens: written } = this.#totals
    this.#totals = {
      succeeded: succeeded + (ok === 1 ? 1 : 0),
      failed: failed + (ok === 1 ? 0 : 1),
      inputTokens: read + inputTokens,
      outputTokens: written + outputTokens,
    }
  }
}
