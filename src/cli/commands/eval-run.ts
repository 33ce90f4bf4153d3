import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addEngineOptions, type EngineFlags } from '../options/engine-options.ts'
import { addEvaluationOptions, type EvaluationFlags } from '../options/evaluation-options.ts'
import { decimalNumber, wholeNumber } from '../options/number-option.ts'
import { readTaskConfig } from '../read-task-config.ts'
import { sameCommandHint, withResumeHint } from '../with-resume-hint.ts'

interface EvalRunFlags extends EvaluationFlags, EngineFlags {
  readonly candidates?: string
  readonly tuned?: string
  readonly limit?: number
  readonly safety?: boolean
  readonly maxUsd?: number
  readonly force?: boolean
}

/** `hone eval run`. */
export function defineEvalRun(evaluation: Command, context: CommandContext): void {
  const command = evaluation
    .command('run')
    .description(
      'Ask all candidates the rows of a split, and compare them. What was answered before is not asked again.',
    )
  addEvaluationOptions(command)
    .option('--candidates <ids>', 'only these, with commas between (default: all of the file)')
    .option('--tuned <id>', 'the tuned model (default: the one that was made of this file)')
    .option('--limit <number>', 'most rows (default: that of the file)', wholeNumber({ min: 1 }))
    .option('--safety', 'ask base and tuned model the 315 questions of the safety suite too')
    .option(
      '--max-usd <amount>',
      'most that services may cost, in US dollars (default: no limit)',
      decimalNumber({ min: 0 }),
    )
    .option('--force', 'ask everything anew')
  addEngineOptions(command)
  command
    .addHelpText(
      'after',
      '\nExamples:\n  hone eval run examples/claims-router\n  hone eval run --candidates base,tuned --safety',
    )
    .action(async (path: string, flags: EvalRunFlags) => {
      const overrides = { output: flags.output, evaluation: { limit: flags.limit } }
      const config = await readTaskConfig(path, overrides, context.signal)
      context.note([`${config.name} · ${flags.split ?? 'test'} split · ${config.file}`, ''])
      context.interruptNotice = 'stopping; what was answered is kept …'
      const services = await context.services(flags)
      const request = {
        config,
        split: flags.split,
        tuned: flags.tuned,
        safety: flags.safety,
        maxUsd: flags.maxUsd,
        candidates: flags.candidates?.split(',').map((id) => id.trim()),
      }
      const outcome = await withResumeHint(sameCommandHint(context.host.argv), () =>
        services.evaluation.run(request, {
          signal: context.signal,
          force: flags.force,
          onEvent: (event) => context.report(event),
        }),
      )
      context.endProgress()
      context.note([''])
      const { lines, ...result } = outcome
      context.result(result, lines)
    })
}
