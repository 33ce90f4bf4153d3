import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { wholeNumber } from '../options/number-option.ts'
import { garbageLines } from '../output/upkeep-lines.ts'

interface GcFlags {
  readonly dryRun?: boolean
  readonly cacheGb?: number
  readonly auditDays?: number
}

export function defineGc(command: Command, context: CommandContext): void {
  command
    .description('Free what the home does not need any more. A server may run meanwhile.')
    .option('--dry-run', 'say what would be freed, and free nothing')
    .option(
      '--cache-gb <number>',
      'gigabytes that cached weights may keep (default: 50)',
      wholeNumber({ min: 0, max: 1_000_000 }),
    )
    .option(
      '--audit-days <number>',
      'days for which entries of the audit log are kept (default: for ever)',
      wholeNumber({ min: 1, max: 36_500 }),
    )
    .addHelpText('after', '\nExample:\n  hone gc --dry-run')
    .action(async ({ dryRun = false, cacheGb = 50, auditDays }: GcFlags) => {
      const { upkeep } = await context.services()
      const collected = await upkeep.collectGarbage({ dryRun, cacheBytes: cacheGb * 1e9, auditDays })
      context.result(collected, garbageLines(collected))
    })
}
