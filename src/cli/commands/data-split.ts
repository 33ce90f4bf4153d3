import { Option, type Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { decimalNumber, wholeNumber } from '../options/number-option.ts'
import { splitLines } from '../output/split-lines.ts'

interface SplitFlags {
  readonly by?: 'label'
  readonly labelField?: string
  readonly group?: string
  readonly seed?: number
  readonly validation?: number
  readonly test?: number
  readonly near?: number
  readonly against?: readonly string[]
  readonly allowLeakage?: boolean
  readonly to?: string
  readonly name?: string
  readonly force?: boolean
  readonly fresh?: boolean
}

const defaults = { seed: 7, validation: 0.1, test: 0.15, near: 0.8 }

export function defineDataSplit(data: Command, context: CommandContext): void {
  data
    .command('split')
    .description(
      'Split a file into training, validation and a sealed test part, near-duplicates on one side.',
    )
    .argument('<file>', 'file of examples, or a dataset version')
    .addOption(
      new Option('--by <what>', 'keep the shares of the labels equal in all parts (default: not)').choices([
        'label',
      ]),
    )
    .option(
      '--label-field <name>',
      "key of the record, or line of the answer, that holds the label (default: the record's label, else the answer)",
    )
    .option(
      '--group <key>',
      'keep records together that have the same value, such as patient_id (default: none)',
    )
    .option('--seed <number>', 'seed of the draw (default: 7)', wholeNumber({ min: 0 }))
    .option(
      '--validation <size>',
      'a share below 1, or a number of records (default: 0.1)',
      decimalNumber({ min: 0 }),
    )
    .option(
      '--test <size>',
      'a share below 1, or a number of records (default: 0.15)',
      decimalNumber({ min: 0 }),
    )
    .option(
      '--near <number>',
      'similarity from which questions stay on one side (default: 0.8)',
      decimalNumber({ min: 0.05, max: 1 }),
    )
    .option(
      '--against <files...>',
      'test files of your own, which must not occur in this one (default: none)',
    )
    .option('--allow-leakage', 'split although records occur in those files')
    .option('--to <dir>', 'new folder of the parts (default: only report)')
    .option('--name <id>', 'keep the parts as a version of this dataset (default: not kept)')
    .option('--force', 'replace a split that is in the folder')
    .option('--fresh', 'do it again, whatever an earlier run over the same content found')
    .addHelpText(
      'after',
      '\nExamples:\n  hone data split claims.jsonl --by label --to split' +
        '\n  hone data split notes.jsonl --group patient_id --test 200 --name notes',
    )
    .action(async (file: string, flags: SplitFlags) => {
      const { by, labelField, against = [], allowLeakage = false, ...rest } = flags
      const services = await context.services()
      const outcome = await services.data.split(
        {
          file,
          byLabel: by === 'label' || labelField !== undefined,
          labelField,
          against,
          allowLeakage,
          ...defaults,
          ...rest,
        },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      context.result(outcome, splitLines(outcome))
    })
}
