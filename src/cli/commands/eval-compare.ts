import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addEvaluationOptions, type EvaluationFlags } from '../options/evaluation-options.ts'
import { readTaskConfig } from '../read-task-config.ts'

/** `hone eval compare`. */
export function defineEvalCompare(evaluation: Command, context: CommandContext): void {
  const command = evaluation
    .command('compare')
    .description('Compare two candidates on the rows that were measured, pair by pair.')
    .argument('<baseline>', 'candidate that is compared with')
    .argument('<candidate>', 'candidate that has to prove itself')
  addEvaluationOptions(command)
    .addHelpText('after', '\nExample:\n  hone eval compare few-shot tuned examples/claims-router')
    .action(async (baseline: string, candidate: string, path: string, flags: EvaluationFlags) => {
      const config = await readTaskConfig(path, { output: flags.output }, context.signal)
      const services = await context.services()
      const request = { config, baseline, candidate, split: flags.split }
      const { lines, ...result } = await services.evaluation.compare(request, { signal: context.signal })
      context.result(result, lines)
    })
}
