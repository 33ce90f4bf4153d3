import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addSourceOptions, type SourceFlags } from '../options/source-options.ts'
import { exportedDataLines } from '../output/data-files-lines.ts'

interface ExportFlags extends SourceFlags {
  readonly as: string
  readonly to: string
  readonly allowLoss?: boolean
  readonly force?: boolean
  readonly fresh?: boolean
}

/** `hone data export`. */
export function defineDataExport(data: Command, context: CommandContext): void {
  const command = data
    .command('export')
    .description(
      'Write examples in another form and kind of file; what that cannot hold is named, and refused.',
    )
    .argument('<file>', 'file of examples, of any kind, or a dataset version')
    .requiredOption('--as <format>', 'form to write, such as openai-chat (default: none, it must be named)')
    .requiredOption(
      '--to <file>',
      'new file: .jsonl, .json, .csv, .tsv, .parquet or .xlsx; text also with .gz (default: none, it must be named)',
    )
  addSourceOptions(command)
    .option('--allow-loss', 'leave out what cannot be held or read, counted, instead of refusing')
    .option('--force', 'replace the file if it is there')
    .option('--fresh', 'do it again, whatever an earlier run over the same content found')
    .addHelpText(
      'after',
      '\nExamples:\n  hone data export examples.jsonl --as bedrock-chat --to train.jsonl' +
        '\n  hone data export examples.jsonl --as prompt-completion --to train.parquet --allow-loss',
    )
    .action(async (file: string, flags: ExportFlags) => {
      const services = await context.services()
      const exported = await services.data.export(
        { file, ...flags },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      context.result(exported, exportedDataLines(exported))
    })
}
