import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addEvaluationOptions, type EvaluationFlags } from '../options/evaluation-options.ts'
import { readTaskConfig } from '../read-task-config.ts'

interface EvalImportFlags extends EvaluationFlags {
  readonly candidate?: string
}

/** `hone eval import`. */
export function defineEvalImport(evaluation: Command, context: CommandContext): void {
  const command = evaluation
    .command('import')
    .description('Take answers that were made elsewhere as candidates, and compare them with the others.')
    .argument('<file>', 'JSONL of answers, or the JSON of promptfoo')
  addEvaluationOptions(command)
    .option('--candidate <name>', 'name of the candidate (default: that of the file)')
    .addHelpText(
      'after',
      '\nExample:\n  hone eval import results.jsonl examples/claims-router --candidate gpt',
    )
    .action(async (file: string, path: string, flags: EvalImportFlags) => {
      const { output, split, candidate } = flags
      const config = await readTaskConfig(path, { output }, context.signal)
      const services = await context.services()
      const outcome = await services.evaluation.import(
        { config, file, split, candidate },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      const { lines, ...result } = outcome
      context.result(result, lines)
    })
}
