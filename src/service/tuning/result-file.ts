import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The columns of OpenAI's result files. Accuracies are not measured in training here, and stay empty. */
const columns = ['step', 'train_loss', 'train_accuracy', 'valid_loss', 'valid_mean_token_accuracy']

/**
 * The metrics of a job's folder as one CSV: a line for each step, with the validation that followed it.
 * Source: https://platform.openai.com/docs/guides/supervised-fine-tuning ("Analyze your fine-tuned model"), from memory.
 */
export async function resultCsv(jobFolder: string): Promise<string> {
  const validations = new Map(await lossesOf(join(jobFolder, 'validation_metrics.csv')))
  const steps = await lossesOf(join(jobFolder, 'step_wise_training_metrics.csv'))
  const lines = steps.map(([step, loss]) => `${step},${loss},,${validations.get(step) ?? ''},`)
  return [columns.join(','), ...lines, ''].join('\n')
}

/** Step and loss of each line of an engine's metrics file: `step_number,epoch_number,loss,…`. */
async function lossesOf(file: string): Promise<[string, string][]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [step = '', , loss = ''] = line.split(',')
      return [step, loss]
    })
}
