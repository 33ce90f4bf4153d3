import { createHash } from 'node:crypto'
import { open, readFile, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { HoneError } from '../../core/errors.ts'
import type { TrainingEvent } from '../../core/training-event.ts'
import { replaceFile, replaceFileWith, type FileWriter } from '../../lib/replace-file.ts'
import { sha256OfFile } from '../../lib/sha256-of-file.ts'
import type { ModelConfig } from '../arch/architecture.ts'
import type { Session, Tensor } from '../graph/session.ts'
import { layOutActivations, type ActivationLayout } from './activation-layout.ts'
import { createBatch, type Batch } from './batch.ts'
import type { EncodedSequence } from './encoded-example.ts'
import { partsOf, sharedPrefix } from './batch-parts.ts'

/** In the job's folder, while it runs. */
const activationFile = 'activations.fp32'
const indexFile = 'activations.json'
const rowBytes = ({ hiddenSize }: ModelConfig): number => hiddenSize * Float32Array.BYTES_PER_ELEMENT

/** What comes out of the layers below the lowest adapter, for every sequence of a run. */
export interface ActivationCache extends AsyncDisposable {
  /** Of the rows of a batch, `[rows, hidden]`; zeros in those that nothing uses. */
  hidden(batch: Batch): Promise<Tensor>
}

export interface ActivationCacheOptions {
  readonly config: ModelConfig
  /** All of the run, each an object of its own. */
  readonly sequences: readonly EncodedSequence[]
  /** Tokens that the examples to learn from have in common at their start. */
  readonly prefix: readonly number[]
  /** Names the weights and layers: the same key means the same function of the tokens. */
  readonly key: string
  /** The job's folder, which keeps them. */
  readonly folder: string
  /** A session of `buildFrozenGraph`; called only when they have to be computed, and closed here. */
  readonly openFrozen: () => Promise<Session>
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined
  /** Opens the new file; a parameter so that a full disk can be had in a test. */
  readonly openWriter?: ((path: string) => Promise<FileWriter>) | undefined
}

/**
 * Opens the activations that an earlier start of the job left, if they are whole and belong to it; else computes them, always
 * in the same batches, so that the numbers do not depend on how often a run was interrupted.
 *
 * @throws HoneError `E_INTERRUPTED` after the signal, `E_DISK`
 */
export async function openActivationCache(options: ActivationCacheOptions): Promise<ActivationCache> {
  const { config, folder } = options
  const layout = layOutActivations(config, options.sequences, options.prefix)
  const file = join(folder, activationFile)
  const head = { schema: 1, kind: 'activations', key: keyOf(options), bytes: layout.rows * rowBytes(config) }
  if (!(await isWhole(folder, head))) {
    await removeActivations(folder)
    const sha256 = await writeActivations(file, layout, options)
    await replaceFileWith(join(folder, indexFile), `${JSON.stringify({ ...head, sha256 })}\n`)
  }
  const handle = await open(file, 'r')
  const prefix = new Float32Array(layout.prefix * config.hiddenSize)
  await readRows(handle, file, 0, prefix, config)
  return {
    async hidden(batch) {
      const data = new Float32Array(batch.rows * config.hiddenSize)
      const copy = async (
        sequence: EncodedSequence,
        from: number,
        to: number,
        row: number,
      ): Promise<void> => {
        const place = layout.places.get(sequence)
        if (place === undefined) throw new Error('no activations were computed for this sequence')
        const target = data.subarray(row * config.hiddenSize, (row + to - from) * config.hiddenSize)
        const shared = prefix.subarray(
          from * config.hiddenSize,
          Math.min(to, place.shared) * config.hiddenSize,
        )
        if (from < place.shared) target.set(shared)
        const own = Math.max(from, place.shared)
        if (own >= to) return
        const rest = target.subarray((own - from) * config.hiddenSize)
        await readRows(handle, file, place.from + own - place.shared, rest, config)
      }
      const { prefixLength, sequences, firstRows } = batch
      const [first] = sequences
      if (first !== undefined) await copy(first, 0, prefixLength, 0)
      for (const [index, sequence] of sequences.entries())
        await copy(sequence, prefixLength, sequence.tokens.length, firstRows[index] ?? 0)
      return { data, shape: [batch.rows, config.hiddenSize] }
    },
    [Symbol.asyncDispose]: () => handle.close(),
  }
}

/** Removes what was kept. */
export async function removeActivations(folder: string): Promise<void> {
  // The index goes first: without it nothing is taken up.
  for (const name of [indexFile, activationFile]) await rm(join(folder, name), { force: true })
}

function keyOf({ key, sequences, prefix }: ActivationCacheOptions): string {
  const hash = createHash('sha256').update(`${key}\n${prefix.join()}\n`)
  for (const { tokens } of sequences) hash.update(`${tokens.join()}\n`)
  return hash.digest('hex')
}

/** The index is written last, and names the file's size and content. */
async function isWhole(
  folder: string,
  head: { readonly key: string; readonly bytes: number },
): Promise<boolean> {
  const file = join(folder, activationFile)
  const index = await readFile(join(folder, indexFile), 'utf8').catch(() => '')
  const size = (await stat(file).catch(() => undefined))?.size
  if (size !== head.bytes || !index.startsWith(JSON.stringify(head).slice(0, -1))) return false
  const sha256 = await sha256OfFile(file).catch(() => undefined)
  return index === `${JSON.stringify({ ...head, sha256 })}\n`
}

async function writeActivations(
  file: string,
  layout: ActivationLayout,
  { config, openFrozen, signal, onEvent, openWriter }: ActivationCacheOptions,
): Promise<string> {
  const hash = createHash('sha256')
  await using session = await openFrozen()
  const total = layout.places.size
  let done = 0
  const fill = async (writer: FileWriter): Promise<void> => {
    const write = async (rows: Float32Array): Promise<void> => {
      const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
      hash.update(bytes)
      await writer.write(bytes)
    }
    let unwritten = layout.prefix
    for (const [index, group] of layout.groups.entries()) {
      const shared = index === 0 ? layout.prefix : 0
      const prefixLength = group.length === 0 ? 0 : Math.min(shared, sharedPrefix(group, shared))
      const units = group.map((sequence): [EncodedSequence] => [sequence])
      for (const part of partsOf(config, units, prefixLength)) {
        if (signal?.aborted === true) {
          throw new HoneError(
            'E_INTERRUPTED',
            `stopped before the first step, with the activations of ${done} of ${total} sequences; they are computed anew`,
          )
        }
        const batch = createBatch(config, part.flat(), { prefixLength, tokenWeight: 0 })
        const { hidden } = await session.run(batch.feeds)
        for (const [at, sequence] of batch.sequences.entries()) {
          const rows = rowsOf(hidden?.data as Float32Array, batch, at, config.hiddenSize)
          if (unwritten > 0) await write(rows.subarray(0, unwritten * config.hiddenSize))
          unwritten = 0
          await write(rows.subarray(shared * config.hiddenSize, sequence.tokens.length * config.hiddenSize))
        }
        done += part.length
        onEvent?.({ type: 'activations', done, total })
        await nextTurn()
      }
    }
  }
  await replaceFile(file, fill, {
    expectedBytes: layout.rows * rowBytes(config),
    ...(openWriter === undefined ? {} : { openWriter }),
  })
  return hash.digest('hex')
}

/** All rows of a sequence of a batch, those of the batch's prefix before its own: `[tokens, hidden]`. */
function rowsOf(
  hidden: Float32Array,
  { prefixLength, sequences, firstRows }: Batch,
  index: number,
  width: number,
): Float32Array {
  const length = sequences[index]?.tokens.length ?? 0
  const first = firstRows[index] ?? 0
  const rows = new Float32Array(length * width)
  rows.set(hidden.subarray(0, prefixLength * width))
  rows.set(hidden.subarray(first * width, (first + length - prefixLength) * width), prefixLength * width)
  return rows
}

async function readRows(
  handle: FileHandle,
  file: string,
  from: number,
  target: Float32Array,
  config: ModelConfig,
): Promise<void> {
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, from * rowBytes(config) + at)
    if (bytesRead === 0) {
      throw new HoneError('E_DISK', 'the activations were cut while they were in use', {
        at: { file },
        hint: 'resume the job: they are computed anew',
      })
    }
    at += bytesRead
  }
}
