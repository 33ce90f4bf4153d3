import { resolve } from 'node:path'
import type { Command } from 'commander'
import { exitStatus } from '../../core/error-codes.ts'
import type { CommandContext } from '../command-context.ts'
import { gateLines } from '../output/gate-lines.ts'
import { readTaskConfig } from '../read-task-config.ts'

interface GateFlags {
  readonly output?: string
  readonly candidate?: string
  readonly baseline?: string
  readonly safety?: boolean
  readonly junit?: string
  readonly markdown?: string
}

export function defineGate(command: Command, context: CommandContext): void {
  command
    .description(
      'Hold the promotion rules of a hone.yaml against what was measured, and keep the verdict with the model.',
    )
    .argument('[config]', 'a hone.yaml, or the folder it lies in', '.')
    .option('--candidate <id>', 'what is to be promoted (default: the tuned model)')
    .option('--baseline <id>', 'what it is compared with where a rule names nothing (default: base)')
    .option(
      '--safety',
      'also that tuning made nothing of the safety suite worse; asks its questions where that was not done',
    )
    .option('--junit <file>', 'write the verdict as JUnit XML (default: not written)')
    .option('--markdown <file>', 'write the verdict as Markdown (default: not written)')
    .option('--output <dir>', 'folder of results (default: that of the file, else out/NAME)')
    .addHelpText(
      'after',
      '\nExamples:\n  hone gate examples/claims-router --junit gate.xml\n  hone gate examples/claims-router --safety',
    )
    .action(async (path: string, flags: GateFlags) => {
      const { output, candidate, baseline, safety } = flags
      const config = await readTaskConfig(path, { output }, context.signal)
      const services = await context.services()
      const verdict = await services.evaluation.gate(
        {
          config,
          candidate,
          baseline,
          safety,
          junit: pathOf(flags.junit),
          markdown: pathOf(flags.markdown),
        },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      if (safety === true) context.endProgress()
      context.result(verdict, gateLines(verdict))
      if (verdict.verdict !== 'promoted') context.exitStatus = exitStatus.gate
    })
}

const pathOf = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : resolve(name)
