import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'

export interface RowLoss {
  readonly id: string
  /** Mean −log p per trained token in nats, or the loss of a pair, before the step that learned from it. */
  readonly loss: number
}

interface RowLossLine extends RowLoss {
  readonly step: number
  /** From 1. */
  readonly epoch: number
}

const fileOf = (folder: string): string => join(folder, 'row_losses.jsonl')

/**
 * The loss of every row each time it was trained on, a JSON line each. The numbers are there anyway, so that writing them down costs
 * one write a step.
 */
export class RowLossFile {
  readonly #path: string

  constructor(folder: string) {
    this.#path = fileOf(folder)
  }

  /** Leaves out what was written after a step: a run that goes on from there writes it again. */
  async start(step: number): Promise<void> {
    const kept = (await readLines(this.#path)).filter((line) => line.step <= step)
    await replaceFileWith(this.#path, kept.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }

  /** @throws HoneError `E_DISK` */
  async add(
    { step, epoch }: { readonly step: number; readonly epoch: number },
    rows: readonly RowLoss[],
  ): Promise<void> {
    const text = rows.map(({ id, loss }) => `${JSON.stringify({ step, epoch, id, loss })}\n`).join('')
    try {
      await appendFile(this.#path, text)
    } catch (error) {
      throw await diskError(error, this.#path)
    }
  }
}

/** The losses of each row, epoch by epoch; undefined where a model's training wrote none. */
export async function readRowLosses(folder: string): Promise<Map<string, number[]> | undefined> {
  const lines = await readLines(fileOf(folder))
  if (lines.length === 0) return undefined
  const losses = new Map<string, number[]>()
  for (const { id, loss } of lines) {
    const own = losses.get(id)
    if (own === undefined) losses.set(id, [loss])
    else own.push(loss)
  }
  return losses
}

/** A process that was killed may have left half a line. */
async function readLines(path: string): Promise<RowLossLine[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    try {
      const value = JSON.parse(line) as Partial<RowLossLine>
      const isWhole =
        typeof value.id === 'string' &&
        typeof value.loss === 'number' &&
        typeof value.step === 'number' &&
        typeof value.epoch === 'number'
      return isWhole ? [value as RowLossLine] : []
    } catch {
      return []
    }
  })
}
