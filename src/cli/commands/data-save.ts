import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { savedLines } from '../output/dataset-lines.ts'

export function defineDataSave(data: Command, context: CommandContext): void {
  data
    .command('save')
    .description('Keep a file as a version of a dataset, which never changes and is named by its content.')
    .argument('<file>', 'file of examples, or a dataset version')
    .requiredOption('--name <id>', 'name of the dataset (default: none, it must be given)')
    .addHelpText('after', '\nExample:\n  hone data save claims.jsonl --name claims')
    .action(async (file: string, { name }: { readonly name: string }) => {
      const services = await context.services()
      const saved = await services.data.save(
        { file, name },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      context.result(saved, savedLines(saved))
    })
}
