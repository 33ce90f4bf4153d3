import { InvalidArgumentError, type Command } from 'commander'
import { exitStatus } from '../../core/error-codes.ts'
import type { DataCheckRequest } from '../../service/data/data-check.ts'
import type { CommandContext } from '../command-context.ts'
import { checkLines } from '../output/check-lines.ts'

interface CheckFlags extends Omit<DataCheckRequest, 'file' | 'hyperparameters' | 'part'> {
  readonly hyper?: Readonly<Record<string, string>>
  readonly validation?: boolean
}

/** `hone data check`. */
export function defineDataCheck(data: Command, context: CommandContext): void {
  data
    .command('check')
    .description(
      'Say what is wrong with a file of examples before a service does, and mend what can be mended.',
    )
    .argument(
      '<file>',
      'JSONL file, one record a line; without --for a service also JSON, CSV, Parquet, Excel, gzip …',
    )
    .option(
      '--for <profile>',
      'whose rules: bedrock:claude-3-haiku, openai:gpt-4o-mini, local:MODEL … (default: those of any data)',
    )
    .option('--validation', 'the file is the validation data of a job, which has limits of its own')
    .option(
      '--against <file>',
      'the validation data that goes with it: labels and totals are compared (default: none)',
    )
    .option('--schema <file>', 'JSON Schema that every answer must obey (default: none)')
    .option(
      '--label <field>',
      'field of the record or of the answer that is the label (default: whole answers, where they repeat as labels do)',
    )
    .option('--hyper <pairs>', "the job's hyperparameters as name=value,name=value (default: none)", pairs)
    .option('--privacy', 'look for personal data in every text, which takes about twice as long')
    .option('--fix', 'write a mended copy, NAME.fixed.jsonl, and a diff')
    .option('--sarif <file>', 'write the findings as SARIF 2.1.0 (default: no file)')
    .option('--force', 'replace files of an earlier run')
    .option('--fresh', 'do it again, whatever an earlier run over the same content found')
    .addHelpText(
      'after',
      '\nExamples:\n  hone data check claims.jsonl --for bedrock:claude-3-haiku' +
        '\n  hone data check claims.jsonl --for bedrock:nova-lite --fix' +
        '\n  hone data check train.jsonl --for openai:gpt-4o-mini --against validation.jsonl --hyper n_epochs=3',
    )
    .action(async (file: string, flags: CheckFlags) => {
      const { hyper, validation, ...rest } = flags
      const services = await context.services()
      const checked = await services.data.check(
        {
          file,
          ...rest,
          ...(hyper === undefined ? {} : { hyperparameters: hyper }),
          ...(validation === true ? { part: 'validation' } : {}),
        },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      const isSound =
        checked.fixed === null ? checked.passed : checked.fixed.left.error === 0 && !hasJobError(checked)
      if (!isSound) context.exitStatus = exitStatus.input
      context.result(checked, checkLines(checked, { argv: context.host.argv, paint: context.paint }))
    })
}

/** Errors of the job itself, which mending the file does not touch. */
const hasJobError = ({
  findings,
}: {
  readonly findings: readonly { severity: string; at: { line?: number; file?: string } }[]
}): boolean => findings.some(({ severity, at }) => severity === 'error' && at.file === undefined)

/** `a=1,b=2` */
function pairs(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const found = text.split(',').map((pair) => /^\s*([\w.-]{1,60})\s*=\s*(\S{1,60})\s*$/.exec(pair))
  if (found.some((match) => match === null)) throw new InvalidArgumentError('must be name=value,name=value')
  return { ...before, ...Object.fromEntries(found.map((match) => [match?.[1] ?? '', match?.[2] ?? ''])) }
}
