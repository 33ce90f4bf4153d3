import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { defineDataCheck } from './data-check.ts'

/** One subcommand each, in the order of the help. */
const subcommands: readonly ((data: Command, context: CommandContext) => void)[] = [defineDataCheck]

export function defineData(command: Command, context: CommandContext): void {
  command
    .description('Examples: from any file to a dataset that is known to be good.')
    .usage('[options] <command>')
    .addHelpText('after', '\nExample:\n  hone data check examples.jsonl')
  for (const define of subcommands) define(command, context)
}
