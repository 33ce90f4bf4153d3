import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { keyListLines, madeKeyLines } from '../output/key-lines.ts'

interface AddFlags {
  readonly user: string
  readonly allow?: readonly string[]
  readonly bearer?: boolean
}

export function defineKeys(command: Command, context: CommandContext): void {
  command
    .description('Keys with which clients call the server of this home.')
    .usage('[options] <command>')
    .addHelpText('after', '\nExample:\n  hone keys list')
  command
    .command('list')
    .description('List keys and what they may do; secrets are not shown.')
    .addHelpText('after', '\nExample:\n  hone keys list --json')
    .action(async () => {
      const list = await (await context.services()).keys.list()
      context.result(list, keyListLines(list.keys))
    })
  command
    .command('add')
    .description('Make a key; its secret is shown this once.')
    .requiredOption('--user <name>', 'who it is for (default: none, it must be named)')
    .option(
      '--allow <patterns...>',
      'what it may do, as ACTION or ACTION:RESOURCE with stars (default: everything)',
    )
    .option('--bearer', 'a key that is sent as it is, instead of a pair that signs')
    .addHelpText('after', '\nExample:\n  hone keys add --user web --allow "invoke:*"')
    .action(async ({ user, allow = ['*'], bearer = false }: AddFlags) => {
      const made = await (await context.services()).keys.add({ user, allow, bearer })
      context.result(made, madeKeyLines(made))
    })
  command
    .command('revoke')
    .description('Take a key out of use, at once and for good.')
    .argument('<id>', 'id of the key')
    .addHelpText('after', '\nExample:\n  hone keys revoke HONEAKEXAMPLE')
    .action(async (id: string) => {
      const revoked = await (await context.services()).keys.revoke(id)
      context.result(revoked, [`revoked   ${revoked.id}`])
    })
}
