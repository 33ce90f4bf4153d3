import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { StepMetrics, TrainingEvent, ValidationMetrics } from '../../core/training-event.ts'

const stepFile = 'step_wise_training_metrics.csv'
const validationFile = 'validation_metrics.csv'
const stepHeader = 'step_number,epoch_number,training_loss,perplexity\n'
const validationHeader = 'step_number,epoch_number,validation_loss,perplexity\n'

/** The metrics and events of a run as files that can be followed while it goes on. */
export class MetricsFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Writes the CSV files anew from what is known; the event log is only ever added to. */
  async start(steps: readonly StepMetrics[], validations: readonly ValidationMetrics[]): Promise<void> {
    await replaceFileWith(join(this.#folder, stepFile), stepHeader + steps.map(csvLine).join(''))
    await replaceFileWith(
      join(this.#folder, validationFile),
      validationHeader + validations.map(csvLine).join(''),
    )
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

function csvLine({ step, epoch, loss }: ValidationMetrics): string {
  return `${step},${epoch},${loss},${Math.exp(loss)}\n`
}
