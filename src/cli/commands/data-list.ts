import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { datasetLines, datasetListLines } from '../output/dataset-lines.ts'

export function defineDataList(data: Command, context: CommandContext): void {
  data
    .command('list')
    .description('List the dataset versions of the home.')
    .addHelpText('after', '\nExample:\n  hone data list')
    .action(async () => {
      const list = await (await context.services()).data.list()
      context.result(list, datasetListLines(list))
    })
}

export function defineDataShow(data: Command, context: CommandContext): void {
  data
    .command('show')
    .description('Show a dataset version: its parts, and what it was made of.')
    .argument('<dataset>', 'name, or name@hash')
    .addHelpText('after', '\nExample:\n  hone data show claims')
    .action(async (reference: string) => {
      const details = await (await context.services()).data.show(reference)
      context.result(details, datasetLines(details))
    })
}
