import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addEvaluationOptions, type EvaluationFlags } from '../options/evaluation-options.ts'
import { wholeNumber } from '../options/number-option.ts'
import { rowListLines } from '../output/row-list-lines.ts'
import { suspiciousLines } from '../output/suspicious-lines.ts'
import { readTaskConfig } from '../read-task-config.ts'

interface EvalRowsFlags extends EvaluationFlags {
  readonly candidate?: string
  readonly failed?: boolean
  readonly against?: string
  readonly suspicious?: boolean
  readonly nearest?: number
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
      '--suspicious',
      'training rows that look mislabelled or stayed hard, and those most like each wrong row: what to fix first',
    )
    .option(
      '--nearest <number>',
      'with --suspicious: training rows shown for each wrong row (default: 3)',
      wholeNumber({ min: 1 }),
    )
    .option(
      '--limit <number>',
      'most rows that are listed (default: 20, with --json all)',
      wholeNumber({ min: 1 }),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  hone eval rows --failed --candidate tuned\n  hone eval rows --candidate tuned --against base\n  hone eval rows --suspicious --split validation',
    )
    .action(async (path: string, flags: EvalRowsFlags) => {
      const { output, limit, suspicious, nearest, ...rest } = flags
      const config = await readTaskConfig(path, { output }, context.signal)
      const services = await context.services()
      if (suspicious === true) {
        const { candidate, split } = rest
        const request = { config, candidate, split, nearest }
        const found = await services.evaluation.suspicious(request, { signal: context.signal })
        const shown = { ...found, suspicious: found.suspicious.slice(0, limit ?? found.suspicious.length) }
        context.result(context.json ? shown : found, suspiciousLines(found, limit ?? 20))
        return
      }
      const most = limit ?? (context.json ? undefined : 20)
      const list = await services.evaluation.rows({ config, ...rest, limit: most })
      context.result(list, rowListLines(list))
    })
}
