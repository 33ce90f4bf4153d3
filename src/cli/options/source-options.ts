import { Option, type Command } from 'commander'
import type { SourceRequest } from '../../service/data/data-sources.ts'

/** Options that say how a file of examples is to be read. */
export function addSourceOptions(command: Command): Command {
  return command
    .addOption(new Option('--from <format>', 'form of the records (default: told by each record)'))
    .option(
      '--map <columns>',
      'what columns mean, such as user=question,assistant=answer,label=intent,metadata.patient=id (default: told by their names)',
    )
    .option('--sheet <name>', 'sheet of an Excel file (default: the first)')
}

export type SourceFlags = Pick<SourceRequest, 'from' | 'map' | 'sheet'>
