import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { defineDataCheck } from './data-check.ts'
import { defineDataDedupe } from './data-dedupe.ts'
import { defineDataDiff } from './data-diff.ts'
import { defineDataExport } from './data-export.ts'
import { defineDataImport } from './data-import.ts'
import { defineDataList, defineDataShow } from './data-list.ts'
import { defineDataMask } from './data-mask.ts'
import { defineDataRedact } from './data-redact.ts'
import { defineDataSave } from './data-save.ts'
import { defineDataSplit } from './data-split.ts'
import { defineDataStats } from './data-stats.ts'
import { defineDataTokens } from './data-tokens.ts'

/** One subcommand each, in the order of the help. */
const subcommands: readonly ((data: Command, context: CommandContext) => void)[] = [
  defineDataImport,
  defineDataCheck,
  defineDataExport,
  defineDataRedact,
  defineDataStats,
  defineDataTokens,
  defineDataMask,
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
    .addHelpText('after', '\nExample:\n  hone data check examples.jsonl')
  for (const define of subcommands) define(command, context)
}
