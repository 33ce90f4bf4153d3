import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { StepMetrics, TrainingEvent, ValidationMetrics } from '../../core/training-event.ts'

import type { TrainingMethod } from '../../core/training-settings.ts'

const stepFile = 'step_wise_training_metrics.csv'
const validationFile = 'validation_metrics.csv'
// A preference loss has no perplexity.
const lastColumns = { sft: 'perplexity', dpo: 'reward_margin,reward_accuracy' } as const

/** The metrics and events of a run as files that can be followed while it goes on. */
export class MetricsFiles {
  readonly #folder: string
  readonly #lastColumns: string

  constructor(folder: string, method: TrainingMethod = 'sft') {
    this.#folder = folder
    this.#lastColumns = lastColumns[method]
  }

  /** Writes the CSV files anew from what is known; the event log is only ever added to. */
  async start(steps: readonly StepMetrics[], validations: readonly ValidationMetrics[]): Promise<void> {
    const file = (loss: string, lines: readonly ValidationMetrics[]): string =>
      `step_number,epoch_number,${loss},${this.#lastColumns}\n${lines.map(csvLine).join('')}`
    const files = {
      [stepFile]: file('training_loss', steps),
      [validationFile]: file('validation_loss', validations),
    }
    for (const [name, text] of Object.entries(files)) {
      await replaceFileWith(join(this.#folder, name), text)
    }
  }

  async add(event: TrainingEvent): Promise<void> {
    if (event.type === 'step') await this.#append(stepFile, csvLine(event))
    if (event.type === 'validation') await this.#append(validationFile, csvLine(event))
    await this.#append(
      'events.jsonl',
      `${JSON.stringify({ schema: 1, time: new Date().toISOString(), ...event })}\n`,
    )
  }

  async #append(name: string, text: string): Promise<void> {
    const path = join(this.#folder, name)
    try {
      await appendFile(path, text)
    } catch (error) {
      throw await diskError(error, path)
    }
  }
}

function csvLine({ step, epoch, loss, rewardMargin, rewardAccuracy }: ValidationMetrics): string {
  const last = rewardMargin === undefined ? `${Math.exp(loss)}` : `${rewardMargin},${rewardAccuracy}`
  return `${step},${epoch},${loss},${last}\n`
}
