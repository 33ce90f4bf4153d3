import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addEvaluationOptions, type EvaluationFlags } from '../options/evaluation-options.ts'
import { wholeNumber } from '../options/number-option.ts'
import { rowListLines } from '../output/row-list-lines.ts'
import { readTaskConfig } from '../read-task-config.ts'

interface EvalRowsFlags extends EvaluationFlags {
  readonly candidate?: string
  readonly failed?: boolean
  readonly against?: string
  readonly limit?: number
}

/** `hone eval rows`. */
export function defineEvalRows(evaluation: Command, context: CommandContext): void {
  const command = evaluation
    .command('rows')
    .description('List the rows that were measured, with what was expected and what was answered.')
  addEvaluationOptions(command)
    .option('--candidate <id>', 'whose answers (default: the one that is compared with the others)')
    .option('--failed', 'only rows that are not right')
    .option(
      '--against <id>',
      'only rows on which this candidate is right or wrong where the other is not (default: all)',
    )
    .option(
      '--limit <number>',
      'most rows that are listed (default: 20, with --json all)',
      wholeNumber({ min: 1 }),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  hone eval rows --failed --candidate tuned\n  hone eval rows --candidate tuned --against base',
    )
    .action(async (path: string, flags: EvalRowsFlags) => {
      const { output, limit, ...rest } = flags
      const config = await readTaskConfig(path, { output }, context.signal)
      const services = await context.services()
      const most = limit ?? (context.json ? undefined : 20)
      const list = await services.evaluation.rows({ config, ...rest, limit: most })
      context.result(list, rowListLines(list))
    })
}
