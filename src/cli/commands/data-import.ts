import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addSourceOptions, type SourceFlags } from '../options/source-options.ts'
import { importedLines } from '../output/data-files-lines.ts'

interface ImportFlags extends SourceFlags {
  readonly to?: string
  readonly name?: string
  readonly allowLoss?: boolean
  readonly force?: boolean
  readonly fresh?: boolean
}

/** `hone data import`. */
export function defineDataImport(data: Command, context: CommandContext): void {
  const command = data
    .command('import')
    .description("Read files of any kind and form, and write their records as one file in Hone's own form.")
    .argument(
      '<files...>',
      'JSONL, JSON, CSV, TSV, Parquet, Excel or text, also in gzip or zstd, s3:// addresses, or dataset versions',
    )
    .option('--to <file>', 'new file, .jsonl or .jsonl.gz (default: none; --to or --name must be given)')
    .option('--name <id>', 'keep the result as a version of this dataset (default: not kept)')
  addSourceOptions(command)
    .option('--allow-loss', 'leave out records that cannot be read, counted, instead of refusing')
    .option('--force', 'replace the file if it is there')
    .option('--fresh', 'do it again, whatever an earlier run over the same content found')
    .addHelpText(
      'after',
      '\nExamples:\n  hone data import export.json --to examples.jsonl' +
        '\n  hone data import calls.csv --map user=question,assistant=answer --name calls',
    )
    .action(async (files: string[], flags: ImportFlags) => {
      const services = await context.services()
      const imported = await services.data.import(
        { files, ...flags },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      context.result(imported, importedLines(imported))
    })
}
