import { Option, type Command } from 'commander'
import type { DataTokensRequest } from '../../service/data/data-tokens.ts'
import type { CommandContext } from '../command-context.ts'
import { wholeNumber } from '../options/number-option.ts'
import { dataTokensLines } from '../output/data-tokens-lines.ts'

type TokensFlags = Omit<DataTokensRequest, 'file'>

/** `hone data tokens`. */
export function defineDataTokens(data: Command, context: CommandContext): void {
  data
    .command('tokens')
    .description('Count tokens as training will see them, show what is too long, and what a run would cost.')
    .argument('<file>', 'file of examples, or a dataset version')
    .option('--base <id>', 'local model, counted exactly: an id, hf:owner/name, or a folder (default: none)')
    .option(
      '--for <profile>',
      'hosted service, estimated, such as openai:gpt-4o-mini; or local:ID (default: none)',
    )
    .option(
      '--max-tokens <number>',
      "longest record; shows what it would cut (default: the model's context or the service's limit)",
      wholeNumber({ min: 1 }),
    )
    .addOption(
      new Option('--answers <which>', 'answers that are trained, with --base (default: all)').choices([
        'all',
        'last',
      ]),
    )
    .option('--system <text>', 'system prompt of records that have none (default: they stay without)')
    .option(
      '--epochs <number>',
      'passes over the data (default: what Hone or the service would choose)',
      wholeNumber({ min: 1 }),
    )
    .option('--fresh', 'count again what was counted before')
    .addHelpText(
      'after',
      '\nExamples:\n  hone data tokens train.jsonl --base smollm2-135m-instruct --max-tokens 512' +
        '\n  hone data tokens train.jsonl --for openai:gpt-4o-mini --epochs 3',
    )
    .action(async (file: string, flags: TokensFlags) => {
      const services = await context.services()
      const tokens = await services.data.tokens(
        { file, ...flags },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      context.result(tokens, dataTokensLines(tokens))
    })
}
