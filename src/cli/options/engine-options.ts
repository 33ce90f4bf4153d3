import { Option, type Command } from 'commander'
import { wholeNumber } from './number-option.ts'

export interface EngineFlags {
  readonly threads?: number
  readonly device?: 'cpu' | 'webgpu'
}

export function addEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--threads <number>', "threads that compute (default: the machine's cores)").argParser(
        wholeNumber({ min: 1, max: 256 }),
      ),
    )
    .addOption(new Option('--device <name>', 'what computes (default: cpu)').choices(['cpu', 'webgpu']))
}
