import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { JsonObject } from '../../core/example.ts'
import type { FileWriter } from '../../lib/replace-file.ts'
import type { RecordSink } from './record-target.ts'

const compress = promisify(gzip)
/** Characters that gather before they are written. */
const enough = 2 ** 20

interface TextForm {
  readonly before?: string
  readonly between?: string
  readonly after?: string
  /** A file of compressed pieces one after another, which every reader takes as one (RFC 1952, section 2.2). */
  readonly isCompressed?: boolean
  toText(record: JsonObject): string
}

/** Writes records as text. */
export function createTextSink(writer: FileWriter, form: TextForm): RecordSink {
  const { before = '', between = '', after = '', isCompressed = false } = form
  let pending = before
  let isFirst = true
  const write = async (): Promise<void> => {
    const bytes = Buffer.from(pending)
    pending = ''
    await writer.write(isCompressed ? await compress(bytes) : bytes)
  }
  return {
    add(record) {
      pending += isFirst ? form.toText(record) : between + form.toText(record)
      isFirst = false
    },
    async flush() {
      if (pending.length >= enough) await write()
    },
    async end() {
      pending += after
      await write()
    },
  }
}
