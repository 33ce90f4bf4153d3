import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { backupLines } from '../output/upkeep-lines.ts'

export function defineBackup(command: Command, context: CommandContext): void {
  command
    .description('Copy the home with its database into a new folder. A server may run meanwhile.')
    .argument('<to>', 'folder that is not there yet')
    .addHelpText('after', '\nExample:\n  hone backup backups/2026-11-21')
    .action(async (to: string) => {
      const { upkeep } = await context.services()
      context.note([`backup    to ${resolve(to)} …`])
      const made = await upkeep.backup(to, { signal: context.signal })
      context.result(made, backupLines(made))
    })
}
