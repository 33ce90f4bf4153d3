import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { restoreLines } from '../output/upkeep-lines.ts'

export function defineRestore(command: Command, context: CommandContext): void {
  command
    .description(
      'Make the home of a backup, each file compared with its hash. No server may run on it meanwhile.',
    )
    .argument('<from>', 'folder that hone backup wrote')
    .option('--force', 'replace what the home and its database hold')
    .addHelpText('after', '\nExample:\n  hone restore backups/2026-11-21 --home restored')
    .action(async (from: string, { force = false }: { readonly force?: boolean }) => {
      const { upkeep } = await context.services()
      context.note([`restore   from ${resolve(from)} …`])
      const restored = await upkeep.restore(from, { force, signal: context.signal })
      context.result(restored, restoreLines(restored))
    })
}
