import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { commandEntries } from './registry.ts'
import { usageError } from './usage-error.ts'

export interface ProgramOutput {
  readonly version: string
  /** Help and version that were asked for. */
  readonly write: (text: string) => void
  /** Help that is shown because something is missing. */
  readonly writeError: (text: string) => void
  readonly columns: number
}

/**
 * The command line as commander knows it. A command's own file is loaded only when the command is wanted.
 *
 * @param wanted name of the one command that is called; all are loaded without it
 */
export async function createProgram(
  context: () => CommandContext,
  output: ProgramOutput,
  wanted?: string,
): Promise<Command> {
  const columns = Math.min(100, Math.max(40, output.columns))
  const program = new Command('hone')
    .description('Tune a model on your own machine, prove that it got better, and use it.')
    .usage('[options] <command>')
    .option(
      '--home <dir>',
      "folder of models and caches (default: HONE_HOME, else the platform's folder for data)",
    )
    .option('--json', 'print one JSON object instead of text')
    .option('--quiet', 'no progress')
    .version(output.version, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: output.write,
      writeErr: output.writeError,
      outputError: () => undefined,
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
    .addHelpText('after', '\nExample:\n  hone run examples/claims-router')
  for (const { name, summary, load } of commandEntries) {
    const command = program.command(name).description(summary)
    if (wanted === undefined || wanted === name) (await load())(command, context())
  }
  settleHabits(program)
  return program
}

/** The name of the command in the arguments: the first word that is no option and no value of one. */
export function wantedCommand(argv: readonly string[]): string {
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--home') at++
    else if (!word.startsWith('-')) return word
  }
  return ''
}

/** What holds for every command. */
function settleHabits(command: Command): void {
  command.exitOverride((error) => {
    // Help and version that were asked for are no errors; the caller knows them by their status.
    throw error.exitCode === 0 ? error : usageError(error, command)
  })
  command.helpCommand(false)
  for (const each of command.commands) settleHabits(each)
}
