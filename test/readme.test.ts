import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/config/read-config.ts'
import { recordFormats } from '../src/data/records/record-formats.ts'
import { readExamples } from '../src/data/records/read-examples.ts'
import { importModel } from '../src/engine/weights/import-model.ts'
import { markdownBlocks, wordsOf } from './testing/markdown-blocks.ts'
import { realBase } from './testing/real-base.ts'
import { runHone, type Finished } from './testing/run-hone.ts'

const readme = readFileSync('README.md', 'utf8')
const blocks = markdownBlocks(readme)
const linesOf = (language: string): string[] =>
  blocks.filter((block) => block.language === language).flatMap(({ lines }) => lines)
const textOf = (language: string): string => `${linesOf(language).join('\n')}\n`

const folder = mkdtempSync(join(tmpdir(), 'hone-readme-'))
const home = join(folder, 'home')
const work = join(folder, 'work')

/** A command of the README without its `npm ci`, which `.ci/run` checks, and without npx. */
function hone(line: string): string[] | undefined {
  const [first, second, ...args] = wordsOf(line.replace('npm ci && ', ''))
  return first === 'npx' && second === 'hone' ? args : undefined
}

/** As a user would run it, in a folder with examples and data; nothing may be fetched. */
const run = (args: readonly string[]): Promise<Finished> =>
  runHone(args, { home, cwd: work, env: { HONE_OFFLINE: '1' } })

/** What differs from machine to machine made equal: numbers, comparisons with them, space. */
const stable = (text: string): string =>
  text
    .replaceAll(/\d[\d.,]*/g, '#')
    .replaceAll(/[<=] #/g, '#')
    .replaceAll(/\s+/g, ' ')

/** The lines that the output does not have in this order; `…` in a line stands for anything. */
function missingLines(shown: readonly string[], output: string): string[] {
  const rest = stable(output)
  let from = 0
  return shown.filter((line) => {
    for (const [index, part] of stable(line).split('…').entries()) {
      const wanted = part.trim()
      const at = rest.indexOf(wanted, from)
      if (at < 0 || (index === 0 && wanted === '')) return true
      from = at + wanted.length
    }
    return false
  })
}

/** The first command trains for minutes: outside of the long form on fewer records, in smaller steps. */
function shortenExample(example: string): void {
  const [data, config] = [join(example, 'data.jsonl'), join(example, 'hone.yaml')]
  const settings = readFileSync(config, 'utf8')
  expect(settings).toContain('batchSize: 4')
  writeFileSync(config, settings.replace('batchSize: 4', 'batchSize: 2'))
  writeFileSync(data, `${readFileSync(data, 'utf8').split('\n').slice(0, 240).join('\n')}\n`)
}

beforeAll(() => {
  mkdirSync(work)
  cpSync('examples', join(work, 'examples'), { recursive: true })
  if (process.env['HONE_TEST_LONG'] !== '1') shortenExample(join(work, 'examples', 'claims-router'))
  const causes = { WATER: ['pipe', 'boiler'], STORM: ['gale', 'hail'], OTHER: ['thief', 'fire'] }
  const records = Object.entries(causes).flatMap(([route, words]) =>
    words.flatMap((word) => [
      { input: `The ${word} did it.`, output: `ROUTE: ${route}` },
      { input: `Damage by a ${word} last night`, output: `ROUTE: ${route}` },
    ]),
  )
  writeFileSync(join(work, 'train.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
})

test('every block is of a kind that is checked here', () => {
  expect(blocks.length).toBeGreaterThan(5)
  const checked = ['js', 'jsonl', 'sh', 'text', 'yaml']
  expect(blocks.filter(({ language }) => !checked.includes(language))).toEqual([])
  expect(checked.filter((language) => linesOf(language).length === 0)).toEqual([])
})

test('the first two commands install, and either run or test', () => {
  expect(linesOf('sh').slice(0, 2)).toEqual([
    'npm ci && npx hone run examples/claims-router',
    'npm ci && npm test',
  ])
  expect(
    linesOf('sh')
      .slice(2)
      .filter((line) => hone(line) === undefined),
  ).toEqual([])
})

test('what the output does not show is found, numbers apart', () => {
  const output = 'a  12.5 % (3–4)\nlost p < 0.001\nmodel     router-7 in here\n'
  expect(missingLines(['a …', 'lost p = 0.02', 'model router-1 …'], output)).toEqual([])
  expect(missingLines(['model router-1 …', 'a …', 'c …'], output)).toEqual(['a …', 'c …'])
})

test('the records can be read, each in a format of its own', async () => {
  const file = join(folder, 'formats.jsonl')
  writeFileSync(file, textOf('jsonl'))
  const { examples, formats } = await readExamples(file, { minimum: 1 })
  expect(examples.length).toBeGreaterThan(5)
  expect(Object.keys(formats)).toHaveLength(examples.length)
  expect(recordFormats.length).toBeGreaterThan(examples.length)
})

test('the configuration can be read', async () => {
  writeFileSync(join(work, 'hone.yaml'), textOf('yaml'))
  const config = await readConfig(work)
  expect(config).toMatchObject({ name: 'router', data: { train: join(work, 'train.jsonl') } })
})

test('every command that is named anywhere is one, with the options that are named', async () => {
  const documents = ['README.md', 'AGENTS.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
    readdirSync('docs').map((name) => join('docs', name)),
  )
  const named = documents
    .filter((document) => document.endsWith('.md'))
    .flatMap((document) => [...readFileSync(document, 'utf8').matchAll(/(?:`|npx )hone ([^`\n]+)/g)])
    .map((match) => wordsOf(match[1] ?? ''))
  expect(named.length).toBeGreaterThan(20)
  const helpOf = new Map<string, string>()
  const unknown: string[] = []
  for (const [command = '', ...rest] of named) {
    const path =
      ['models', 'data', 'keys', 'eval'].includes(command) && /^[a-z]+$/.test(rest[0] ?? '')
        ? [command, rest[0] ?? '']
        : [command]
    const key = path.join(' ')
    if (!helpOf.has(key)) {
      const { status, stdout } = await run([...path, '--help'])
      helpOf.set(key, status === 0 ? stdout : '')
    }
    const help = helpOf.get(key) ?? ''
    const isKnown = help.includes(`hone ${key}`) || command.startsWith('--')
    if (!isKnown) unknown.push(key)
    const options = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '')
    unknown.push(
      ...options
        .filter((option) => !new RegExp(`${option}\\b`).test(help))
        .map((option) => `${key} ${option}`),
    )
  }
  expect(unknown).toEqual([])
})

test('every figure comes from a file of results, or is not there yet', () => {
  const table = readme.split('<!-- figures')[1]?.split('\n\n')[1] ?? ''
  const rows = table.split('\n').slice(2)
  expect(rows.length).toBeGreaterThan(3)
  const sound = /\| – +\| not measured yet +\|$|\| [^|–]*\d[^|]*\| \[[^\]]+\]\(bench\/results\/[^)]+\) +\|$/
  expect(rows.filter((row) => !sound.test(row))).toEqual([])
})

const base = await realBase()

describe.skipIf(base === undefined)('with the default base', () => {
  beforeAll(async () => {
    await importModel(base ?? '', { home, id: 'smollm2-135m-instruct' })
  })

  // All of `sh` but the two that have tests of their own: the first, and npm test.
  test.each(linesOf('sh').slice(2))('%s', async (line) => {
    const { status, stdout, stderr } = await run(hone(line) ?? [])
    expect(stderr).not.toContain('error E_')
    expect(status).toBe(0)
    expect(stdout.trim()).not.toBe('')
  })

  test('what the training leaves behind is what the text says', () => {
    const names = readdirSync(join(work, 'models', 'router'))
    for (const name of ['manifest.json', 'events.jsonl', 'step_wise_training_metrics.csv']) {
      expect(names).toContain(name)
    }
    expect(readdirSync(join(work, 'models', 'router', 'adapter')).toSorted()).toEqual([
      'adapter_config.json',
      'adapter_model.safetensors',
    ])
    expect(readdirSync(join(home, 'models'))).toContain('smollm2-135m-instruct')
    expect(readdirSync(join(home, 'cache', 'weights')).length).toBeGreaterThan(0)
  })

  test('the library runs as shown', async () => {
    const library = pathToFileURL(join(process.cwd(), 'dist', 'index.js')).href
    const file = join(folder, 'library.mjs')
    writeFileSync(file, textOf('js').replaceAll("'hone'", JSON.stringify(library)))
    const { stdout } = await promisify(execFile)(process.execPath, [file], {
      env: { ...process.env, HONE_HOME: home, HONE_OFFLINE: '1' },
    })
    expect(stdout).not.toBe('')
  })

  test('the first command tunes the base and shows what the text shows', { timeout: 1_200_000 }, async () => {
    const { status, stdout, stderr } = await run(hone(linesOf('sh')[0] ?? '') ?? [])
    expect(stderr).not.toContain('error E_')
    expect(missingLines(linesOf('text'), stdout)).toEqual([])
    expect(status).toBe(0)
    const files = ['report.html', 'evaluation.json', 'split.json', 'answers']
    expect(files.filter((name) => !existsSync(join(work, 'out', 'claims-router', name)))).toEqual([])
  })
})
