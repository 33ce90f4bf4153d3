import { Option, type Command } from 'commander'

/** What every command takes that reads an evaluation. */
export interface EvaluationFlags {
  readonly output?: string
  readonly split?: 'test' | 'validation'
}

/** The argument `[config]`, and the options that say which evaluation is meant. */
export function addEvaluationOptions(command: Command): Command {
  return command
    .argument('[config]', 'a hone.yaml, or the folder it lies in', '.')
    .addOption(
      new Option('--split <name>', 'rows that are measured (default: test)').choices(['test', 'validation']),
    )
    .option('--output <dir>', 'folder of results (default: that of the file, else out/NAME)')
}
