import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { defineDataDedupe } from './data-dedupe.ts'
import { defineDataDiff } from './data-diff.ts'
import { defineDataList, defineDataShow } from './data-list.ts'
import { defineDataSave } from './data-save.ts'
import { defineDataSplit } from './data-split.ts'

/** One subcommand each, in the order of the help. */
const subcommands: readonly ((data: Command, context: CommandContext) => void)[] = [
  defineDataDedupe,
  defineDataSplit,
  defineDataSave,
  defineDataList,
  defineDataShow,
  defineDataDiff,
]

export function defineData(command: Command, context: CommandContext): void {
  command
    .description('Examples: from any file to a dataset that is known to be good.')
    .usage('[options] <command>')
    .addHelpText('after', '\nExample:\n  hone data dedupe examples.jsonl')
  for (const define of subcommands) define(command, context)
}
