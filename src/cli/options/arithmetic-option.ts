import { Option, type Command } from 'commander'
import { arithmetics, type Arithmetic } from '../../core/arithmetic.ts'

export interface ArithmeticFlags {
  readonly arithmetic?: Arithmetic
}

export const addArithmeticOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '--arithmetic <name>',
      'int8: answers are written faster, from inputs that are rounded to eight bits; what that changes is said (default: exact)',
    ).choices(arithmetics),
  )
