import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { wholeNumber } from '../options/number-option.ts'
import { diffLines } from '../output/diff-lines.ts'

export function defineDataDiff(data: Command, context: CommandContext): void {
  data
    .command('diff')
    .description('Show what changed from one file or dataset version to another: records, then words.')
    .argument('<before>', 'file of examples, or a dataset version')
    .argument('<after>', 'file of examples, or a dataset version')
    .option('--limit <number>', 'records of each kind that are shown (default: 10)', wholeNumber({ min: 0 }))
    .option('--fresh', 'do it again, whatever an earlier run over the same content found')
    .addHelpText('after', '\nExample:\n  hone data diff claims@1a2b3c claims')
    .action(
      async (before: string, after: string, flags: { readonly limit?: number; readonly fresh?: boolean }) => {
        const services = await context.services()
        const outcome = await services.data.diff(
          { before, after, limit: 10, ...flags },
          { signal: context.signal, onEvent: (event) => context.report(event) },
        )
        context.endProgress()
        context.result(outcome, diffLines(outcome, context.paint))
      },
    )
}
