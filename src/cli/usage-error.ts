import type { Command, CommanderError } from 'commander'
import { HoneError } from '../core/errors.ts'
import { closestWord } from '../lib/closest-word.ts'

/** What commander refuses, as an error of ours, with the word that was meant. */
export function usageError(error: CommanderError, command: Command): HoneError {
  const message = messageOf(error)
  const meant = suggestion(error, command)
  const help = `see ${[...ancestors(command), '--help'].join(' ')}`
  return new HoneError('E_USAGE', error.code === 'commander.help' ? 'name a command' : message, {
    hint: meant === undefined ? help : `did you mean ${meant}? ${help}`,
  })
}

function messageOf({ message }: CommanderError): string {
  const text = message.replace(/^error: /, '').split('\n')[0] ?? ''
  const invalid = /^option '(?:-\w, )?(--\S+)[^']*' argument '(.*)' is invalid\. (.*)$/.exec(text)
  return invalid === null ? text : `${invalid[1]} ${invalid[2]}: ${invalid[3]}`
}

function suggestion({ code, message }: CommanderError, command: Command): string | undefined {
  const [, word = ''] = /'([^']*)'/.exec(message) ?? []
  if (code === 'commander.unknownOption') {
    const [name = '', ...value] = word.split('=')
    const chain = [command, ...parents(command)]
    const known = chain.flatMap((each) => each.options.flatMap(({ long }) => long ?? []))
    const near = closestWord(name, [...known, '--help'])
    return near === undefined ? undefined : [near, ...value].join('=')
  }
  if (code === 'commander.unknownCommand' || code === 'commander.excessArguments') {
    const [first = word] = command.args
    return closestWord(
      first,
      command.commands.map((each) => each.name()),
    )
  }
  return undefined
}

const parents = (command: Command): Command[] =>
  command.parent === null ? [] : [command.parent, ...parents(command.parent)]

const ancestors = (command: Command): string[] =>
  [command, ...parents(command)].map((each) => each.name()).toReversed()
