import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { dataStatsLines } from '../output/data-stats-lines.ts'

/** `hone data stats`. */
export function defineDataStats(data: Command, context: CommandContext): void {
  data
    .command('stats')
    .description('Say what a file of examples holds, in numbers.')
    .argument('<file>', 'file of examples, or a dataset version')
    .option(
      '--label <field>',
      "field that holds the label: of the record, or of an answer that is JSON (default: the record's label, else answers that are short and repeat)",
    )
    .option('--fresh', 'do it again, whatever an earlier run over the same content found')
    .addHelpText('after', '\nExample:\n  hone data stats examples.jsonl --label intent')
    .action(async (file: string, flags: { readonly label?: string; readonly fresh?: boolean }) => {
      const services = await context.services()
      const stats = await services.data.stats(
        { file, ...flags },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      context.result(stats, dataStatsLines(stats))
    })
}
