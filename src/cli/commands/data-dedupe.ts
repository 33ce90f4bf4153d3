import { Option, type Command } from 'commander'
import type { DedupeRequest } from '../../service/data/dedupe-data.ts'
import type { CommandContext } from '../command-context.ts'
import { decimalNumber } from '../options/number-option.ts'
import { shinglesOption } from '../options/shingles-option.ts'
import { dedupeLines } from '../output/dedupe-lines.ts'

type DedupeFlags = Partial<Omit<DedupeRequest, 'file'>>

const defaults = {
  against: [],
  near: 0.85,
  on: 'input',
  shingles: { of: 'words', size: 3 },
  keep: 'first',
} as const

export function defineDataDedupe(data: Command, context: CommandContext): void {
  data
    .command('dedupe')
    .description('Find records that are equal or nearly equal, inside a file and against others.')
    .argument('<file>', 'file of examples, or a dataset version')
    .option(
      '--near <number>',
      'Jaccard similarity from which records are duplicates; 1 finds equal ones only (default: 0.85)',
      decimalNumber({ min: 0.05, max: 1 }),
    )
    .option('--against <files...>', 'files whose records must not occur in this one (default: none)')
    .addOption(
      new Option('--on <part>', 'what is compared (default: input, all turns before the answer)').choices([
        'input',
        'conversation',
        'answer',
      ]),
    )
    .option(
      '--shingles <form>',
      'what texts are cut into: words:N or characters:N (default: words:3)',
      shinglesOption,
    )
    .addOption(
      new Option('--keep <rule>', 'which record of a cluster stays (default: first)').choices([
        'first',
        'last',
        'longest',
      ]),
    )
    .option('--to <file>', 'write the records that stay (default: only report)')
    .option('--clusters <file>', 'write each cluster as a line of JSON (default: not written)')
    .option('--name <id>', 'keep the result as a version of this dataset (default: not kept)')
    .option('--force', 'replace files that are there')
    .option('--fresh', 'do it again, whatever an earlier run over the same content found')
    .addHelpText(
      'after',
      '\nExamples:\n  hone data dedupe train.jsonl --to train.unique.jsonl' +
        '\n  hone data dedupe train.jsonl --against test.jsonl --clusters clusters.jsonl',
    )
    .action(async (file: string, flags: DedupeFlags) => {
      const services = await context.services()
      const outcome = await services.data.dedupe(
        { ...defaults, ...flags, file },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      context.result(outcome, dedupeLines(outcome))
    })
}
