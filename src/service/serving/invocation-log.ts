import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ResourceStore } from '../../store/database/resource-store.ts'
import type { ObjectStore } from '../../store/objects/object-store.ts'
import { invocationFolder, invocationRecord, type Invocation, type LargeBody } from './invocation-record.ts'
import type { LoggingDocument } from './logging-document.ts'

export interface InvocationLogOptions {
  readonly objects: ObjectStore
  readonly logging: Pick<ResourceStore<LoggingDocument>, 'find'>
  readonly now: () => number
  /** Told why records are not in the log, and how many. */
  readonly onFailure: (error: unknown, records: number) => void
  /** Milliseconds after which a record is written at the latest. Default 10,000. */
  readonly flushEvery?: number
  /** Bytes of records at which they are written at once. Default 4 MiB. */
  readonly flushBytes?: number
  /** Bytes that are held until they are written; what comes then is dropped and counted. Default 64 MiB. */
  readonly mostBytes?: number
}

/** What is to become one object. */
interface Batch {
  readonly bucket: string
  readonly folder: string
  readonly lines: string[]
  readonly bodies: LargeBody[]
}

const compress = promisify(gzip)
/** Milliseconds for which a configuration is known without asking again. */
const remembered = 2000

/**
 * Writes what was asked and answered to the object store, as gzipped JSON lines in the form of Amazon Bedrock. Nobody waits for
 * it, and its failures are no request's.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
 */
export class InvocationLog implements AsyncDisposable {
  readonly #options: Required<InvocationLogOptions>
  readonly #known = new Map<string, { readonly until: number; readonly found: LoggingDocument | undefined }>()
  #batches = new Map<string, Batch>()
  /** Bytes of records that are not written yet, and of those that are being written. */
  #held = 0
  #waiting = 0
  #dropped = 0
  #written = 0
  #failed = 0
  #flushing: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(options: InvocationLogOptions) {
    this.#options = { flushEvery: 10_000, flushBytes: 4 * 2 ** 20, mostBytes: 64 * 2 ** 20, ...options }
  }

  /** Records so far. */
  get counts(): { readonly written: number; readonly failed: number } {
    return { written: this.#written, failed: this.#failed }
  }

  /** Where a region's records go; undefined where nothing is logged. Never fails. */
  async find(region: string): Promise<LoggingDocument | undefined> {
    const { logging, now } = this.#options
    const known = this.#known.get(region)
    if (known !== undefined && now() < known.until) return known.found
    try {
      const found = (await logging.find(region))?.document
      if (this.#known.size >= 100) this.#known.clear()
      this.#known.set(region, { until: now() + remembered, found })
      return found
    } catch (error) {
      this.#fail(error, 1)
      return known?.found
    }
  }

  /** The configuration has changed. */
  forget(region: string): void {
    this.#known.delete(region)
  }

  /** Takes a record; it is written soon. Never fails. */
  add(destination: LoggingDocument, invocation: Invocation): void {
    const { line, bodies } = invocationRecord(destination, invocation)
    const bytes = line.length + bodies.reduce((sum, { text }) => sum + text.length, 0)
    if (this.#held + bytes > this.#options.mostBytes) {
      this.#dropped++
      return
    }
    this.#held += bytes
    this.#waiting += bytes
    const { bucket } = destination
    const folder = invocationFolder(destination.prefix, invocation)
    const key = JSON.stringify([bucket, folder])
    const batch = this.#batches.get(key) ?? { bucket, folder, lines: [], bodies: [] }
    this.#batches.set(key, batch)
    batch.lines.push(line)
    batch.bodies.push(...bodies)
    if (this.#waiting >= this.#options.flushBytes) void this.flush()
    else this.#timer ??= setTimeout(() => void this.flush(), this.#options.flushEvery).unref()
  }

  /** Writes what is held. Never fails. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batches = [...this.#batches.values()]
    const bytes = this.#waiting
    this.#batches = new Map()
    this.#waiting = 0
    if (batches.length > 0) this.#flushing = this.#drain(this.#flushing, batches, bytes)
    return this.#flushing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
  }

  async #drain(before: Promise<void>, batches: readonly Batch[], bytes: number): Promise<void> {
    await before
    for (const batch of batches) await this.#write(batch)
    this.#held -= bytes
    this.#sayDropped()
  }

  async #write({ bucket, folder, lines, bodies }: Batch): Promise<void> {
    const { objects, now } = this.#options
    const put = async (key: string, text: string): Promise<void> => {
      const bytes = await compress(text)
      await objects.put(bucket, key, once(bytes), { contentType: 'application/gzip' })
    }
    try {
      // A record names its bodies, so these come first.
      for (const { key, text } of bodies) await put(key, text)
      const at = new Date(now()).toISOString().replaceAll(/[-:.]/g, '')
      await put(`${folder}/${at}_${randomBytes(8).toString('hex')}.json.gz`, `${lines.join('\n')}\n`)
      this.#written += lines.length
    } catch (error) {
      this.#fail(error, lines.length)
    }
  }

  #sayDropped(): void {
    if (this.#dropped === 0) return
    const reason = new Error(`more than ${this.#options.mostBytes} bytes of records waited to be written`)
    this.#fail(reason, this.#dropped)
    this.#dropped = 0
  }

  #fail(error: unknown, records: number): void {
    this.#failed += records
    this.#options.onFailure(error, records)
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
