import { open } from 'node:fs/promises'
import { createHash, type Hash } from 'node:crypto'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { splitNames, type SplitName } from '../../data/split/place-groups.ts'
import { recordLine } from '../../data/records/record-line.ts'
import { LineWriter } from '../../lib/line-writer.ts'
import type { DataOptions } from './data-event.ts'
import { recordsOf, type DataFile } from './read-data-files.ts'

export interface WrittenPart {
  readonly name: string
  readonly sha256: string
  readonly bytes: number
}

/** Name of the file of a part, in the folder of the split. */
export const partFile = (name: SplitName): string => `${name}.jsonl`

/** Writes the parts of a split into a new folder, each record as its line stands in a JSONL file, else printed as one. */
export async function writeSplitFiles(
  own: DataFile,
  places: Uint8Array,
  folder: string,
  wait: DataOptions,
): Promise<Record<SplitName, WrittenPart>> {
  await using parts = new Parts()
  for (const name of splitNames) await parts.open(join(folder, partFile(name)))
  let index = 0
  for await (const batch of recordsOf(own, 'writing', wait, () => false)) {
    for (const row of batch) {
      const line = recordLine(row)
      if (line !== undefined) await parts.writers[places[index] ?? 0]?.write(line)
      index++
    }
  }
  if (index !== places.length) {
    throw new HoneError('E_DATA', 'the file changed while it was read', { at: { file: own.file } })
  }
  const [train, validation, test] = await parts.finish()
  const named = (name: SplitName, part: Omit<WrittenPart, 'name'> | undefined): WrittenPart => ({
    name: partFile(name),
    sha256: part?.sha256 ?? '',
    bytes: part?.bytes ?? 0,
  })
  return {
    train: named('train', train),
    validation: named('validation', validation),
    test: named('test', test),
  }
}

class Parts implements AsyncDisposable {
  readonly writers: LineWriter[] = []
  readonly #files: {
    readonly handle: Awaited<ReturnType<typeof open>>
    readonly hash: Hash
    bytes: number
  }[] = []

  async open(path: string): Promise<void> {
    const file = { handle: await open(path, 'wx'), hash: createHash('sha256'), bytes: 0 }
    this.#files.push(file)
    this.writers.push(
      new LineWriter({
        async write(bytes) {
          await file.handle.appendFile(bytes)
          file.hash.update(bytes)
          file.bytes += bytes.length
        },
      }),
    )
  }

  async finish(): Promise<Omit<WrittenPart, 'name'>[]> {
    const written = []
    for (const [at, { handle, hash }] of this.#files.entries()) {
      await this.writers[at]?.flush()
      await handle.sync()
      written.push({ sha256: hash.digest('hex'), bytes: this.#files[at]?.bytes ?? 0 })
    }
    return written
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { handle } of this.#files) await handle.close()
  }
}
