import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { errorCodes, exitStatus } from '../core/error-codes.ts'
import type { CommandContext } from './command-context.ts'
import { createProgram } from './create-program.ts'
import { commandEntries } from './registry.ts'
import { runFake } from './testing/fake-host.ts'

const output = { version: '0.0.0', write: () => undefined, writeError: () => undefined, columns: 100 }
const program = await createProgram(() => ({}) as CommandContext, output)

interface Described {
  readonly path: string
  readonly command: Command
}

function walk(command: Command, path: string): Described[] {
  return command.commands.flatMap((each) => {
    const own = `${path} ${each.name()}`
    return [{ path: own, command: each }, ...walk(each, own)]
  })
}

const commands = walk(program, 'hone')

/** Rows of the tables whose first cell is code, without the padding. */
const rowsOf = (section: string): string[] =>
  [...section.matchAll(/^\| `([^`]+)` *\| (.*?) *\|$/gm)].map((match) => `${match[1]} | ${match[2]}`)

const rowsFor = (command: Command): string[] => [
  ...command.registeredArguments.map((argument) => {
    const words = argument.required ? `<${argument.name()}>` : `[${argument.name()}]`
    return `${words} | ${argument.description}`
  }),
  ...command.options.map(({ flags, description, argChoices }) => {
    const choices = argChoices === undefined ? '' : `; one of ${argChoices.join(', ')}`
    return `${flags} | ${description}${choices}`
  }),
]

test('there are commands to look at', () => {
  expect(commands.map(({ path }) => path)).toEqual([
    'hone run',
    'hone data',
    'hone data import',
    'hone data check',
    'hone data export',
    'hone data redact',
    'hone data stats',
    'hone data tokens',
    'hone data mask',
    'hone data dedupe',
    'hone data split',
    'hone data save',
    'hone data list',
    'hone data show',
    'hone data diff',
    'hone train',
    'hone eval',
    'hone eval run',
    'hone eval compare',
    'hone eval rows',
    'hone eval report',
    'hone eval import',
    'hone gate',
    'hone chat',
    'hone models',
    'hone models list',
    'hone models show',
    'hone models pull',
    'hone models import',
    'hone models export',
    'hone models remove',
    'hone serve',
    'hone keys',
    'hone keys list',
    'hone keys add',
    'hone keys revoke',
    'hone backup',
    'hone restore',
    'hone gc',
    'hone doctor',
  ])
  expect(commandEntries.length).toBeGreaterThan(0)
})

describe.each(commands)('$path', ({ path, command }) => {
  const words = path.split(' ').slice(1)

  test('ends its help with examples of itself that can be parsed', async () => {
    const { stdout, stderr, status } = await runFake([...words, '--help'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const [, examples = ''] = /\nExamples?:\n((?: {2}hone .*\n)+)$/.exec(stdout) ?? []
    const lines = examples.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) {
      expect(line).toMatch(new RegExp(`^ {2}${path}\\b`))
      const known = [...command.options, ...program.options].flatMap(({ long }) => long ?? [])
      const flags = line.match(/--[\w-]+/g) ?? []
      expect(flags.filter((flag) => !known.includes(flag))).toEqual([])
    }
  })

  test('shows the flags that every command takes', async () => {
    const { stdout } = await runFake([...words, '--help'])
    for (const flag of ['--home', '--json', '--quiet', '--help']) expect(stdout).toContain(flag)
  })

  test('says what every option with a value is without it', () => {
    const silent = command.options.filter(
      ({ flags, description }) =>
        flags.includes('<') && flags !== '--data <file>' && !description.includes('(default'),
    )
    expect(silent.map(({ flags }) => flags)).toEqual([])
    expect(command.description()).toMatch(/\.$/)
  })
})

describe('docs/cli.md', () => {
  const text = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8').replaceAll('\r\n', '\n')
  const sections = new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.split('\n')[0]?.replaceAll('`', '') ?? '', section]),
  )

  test('has a section for each command and for nothing else', () => {
    const documented = [...sections.keys()].filter((title) => title.startsWith('hone'))
    expect(documented).toEqual(
      commands.filter(({ command }) => command.commands.length === 0).map(({ path }) => path),
    )
  })

  test.each(commands.filter(({ command }) => command.commands.length === 0))(
    'lists the arguments and options of $path',
    ({ path, command }) => {
      const wanted = rowsFor(command)
      expect(rowsOf(sections.get(path) ?? '')).toEqual(wanted)
    },
  )

  test('lists the flags of every command', () => {
    const wanted = [
      ...program.options.map(({ flags, description }) => `${flags} | ${description}`),
      '--help | print this help',
    ]
    expect(rowsOf(sections.get('Every command') ?? '')).toEqual(wanted)
  })

  test('lists every exit status', () => {
    const statuses = [...text.matchAll(/^\| +(\d+) \| (\w+)/gm)].map((match) => [match[2], Number(match[1])])
    expect(Object.fromEntries(statuses)).toEqual(exitStatus)
    expect(Object.keys(errorCodes).length).toBeGreaterThan(0)
  })

  test('every example of JSON is JSON', () => {
    const blocks = [...text.matchAll(/^```json\n([^]*?)^```/gm)].map((match) => match[1] ?? '')
    expect(blocks.length).toBeGreaterThan(5)
    for (const block of blocks) expect(() => JSON.parse(block) as unknown).not.toThrow()
  })
})
