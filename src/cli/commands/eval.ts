import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { defineEvalCompare } from './eval-compare.ts'
import { defineEvalImport } from './eval-import.ts'
import { defineEvalReport } from './eval-report.ts'
import { defineEvalRows } from './eval-rows.ts'
import { defineEvalRun } from './eval-run.ts'

/** One subcommand each, in the order of the help. */
const subcommands: readonly ((evaluation: Command, context: CommandContext) => void)[] = [
  defineEvalRun,
  defineEvalCompare,
  defineEvalRows,
  defineEvalReport,
  defineEvalImport,
]

export function defineEval(command: Command, context: CommandContext): void {
  command
    .description('Evidence: what candidates answer to the same rows, and which one is better.')
    .usage('[options] <command>')
    .addHelpText('after', '\nExample:\n  hone eval run examples/claims-router')
  for (const define of subcommands) define(command, context)
}
