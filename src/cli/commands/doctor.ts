import type { Command } from 'commander'
import { exitStatus } from '../../core/error-codes.ts'
import type { CommandContext } from '../command-context.ts'
import { addEngineOptions, type EngineFlags } from '../options/engine-options.ts'
import { doctorLines } from '../output/doctor-lines.ts'

export function defineDoctor(command: Command, context: CommandContext): void {
  command.description('Say what this machine has, what would be used, what is missing, and how to fix it.')
  addEngineOptions(command)
  command
    .addHelpText('after', '\nExample:\n  hone doctor')
    .action((flags: EngineFlags) => doctor(context, flags))
}

async function doctor(context: CommandContext, flags: EngineFlags): Promise<void> {
  const services = await context.services(flags)
  const report = await services.doctor({ signal: context.signal })
  context.result(report, doctorLines(report, context.paint))
  if (!report.usable) context.exitStatus = exitStatus.operation
}
