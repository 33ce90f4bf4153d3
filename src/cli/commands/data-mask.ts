import { Option, type Command } from 'commander'
import type { DataMaskRequest } from '../../service/data/data-mask.ts'
import type { CommandContext } from '../command-context.ts'
import { wholeNumber } from '../options/number-option.ts'
import { rowRanges } from '../options/row-ranges.ts'
import { dataMaskLines } from '../output/data-mask-lines.ts'

type MaskFlags = Partial<Omit<DataMaskRequest, 'file'>>

/** `hone data mask`. */
export function defineDataMask(data: Command, context: CommandContext): void {
  data
    .command('mask')
    .description('Show records as the tokens that training sees: trained, masked, and beyond the limit.')
    .argument('<file>', 'file of examples, or a dataset version')
    .option('--base <id>', 'local model: an id, hf:owner/name, or a folder (default: smollm2-135m-instruct)')
    .option(
      '--rows <lines>',
      'lines of the file, such as 5 or 1-3,17 (default: the first 3 records)',
      rowRanges,
    )
    .option('--max-tokens <number>', "longest record (default: the model's context)", wholeNumber({ min: 1 }))
    .addOption(
      new Option('--answers <which>', 'answers that are trained (default: all)').choices(['all', 'last']),
    )
    .option('--system <text>', 'system prompt of records that have none (default: they stay without)')
    .addHelpText(
      'after',
      '\nExample:\n  hone data mask train.jsonl --base smollm2-135m-instruct --rows 1-5 --max-tokens 256',
    )
    .action(async (file: string, flags: MaskFlags) => {
      const services = await context.services()
      const mask = await services.data.mask(
        { file, ...flags, base: flags.base ?? services.models.defaultBase },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      context.result(mask, dataMaskLines(mask, context.paint))
    })
}
