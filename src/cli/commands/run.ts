import type { Command } from 'commander'
import type { ConfigOverrides } from '../../config/merge-config.ts'
import type { CommandContext } from '../command-context.ts'
import { exitStatus } from '../../core/error-codes.ts'
import { readTaskConfig } from '../read-task-config.ts'
import { sameCommandHint, withResumeHint } from '../with-resume-hint.ts'
import { addEngineOptions, type EngineFlags } from '../options/engine-options.ts'
import { decimalNumber, wholeNumber } from '../options/number-option.ts'
import { addTrainingOptions, trainingOf } from '../options/training-options.ts'

interface RunFlags extends EngineFlags {
  readonly base?: string
  readonly limit?: number
  readonly output?: string
  readonly maxUsd?: number
  readonly force?: boolean
}

export function defineRun(command: Command, context: CommandContext): void {
  command
    .description(
      'Check the data, split it, evaluate the base, tune it, evaluate again, and report. What an earlier run did is used again.',
    )
    .argument('<config>', 'a hone.yaml, or the folder it lies in')
    .option('--base <id>', 'base model (default: that of the file)')
    .option('--limit <number>', 'most test records (default: that of the file)', wholeNumber({ min: 1 }))
    .option('--output <dir>', 'folder of the report (default: that of the file, else out/NAME)')
    .option(
      '--max-usd <amount>',
      'most that services may cost, in US dollars (default: no limit)',
      decimalNumber({ min: 0 }),
    )
    .option('--force', 'use nothing of an earlier run')
  addTrainingOptions(command)
  addEngineOptions(command)
  command
    .addHelpText('after', '\nExample:\n  hone run examples/claims-router --epochs 2')
    .action((path: string, flags: RunFlags) => run(context, path, flags))
}

async function run(context: CommandContext, path: string, flags: RunFlags): Promise<void> {
  const overrides: ConfigOverrides = {
    base: flags.base,
    output: flags.output,
    training: trainingOf({ ...flags }),
    evaluation: { limit: flags.limit },
  }
  const config = await readTaskConfig(path, overrides, context.signal)
  context.note([`${config.name} · base ${config.base} · ${config.file}`, ''])
  context.interruptNotice = 'finishing the step under way, saving a checkpoint …'
  const services = await context.services(flags)
  const outcome = await withResumeHint(sameCommandHint(context.host.argv), () =>
    services.run.run(config, {
      signal: context.signal,
      force: flags.force,
      maxUsd: flags.maxUsd,
      onEvent: (event) => context.report(event),
    }),
  )
  context.endProgress()
  context.note([''])
  const { lines, ...result } = outcome
  context.result(result, lines)
  if (!outcome.passed) context.exitStatus = exitStatus.gate
}
