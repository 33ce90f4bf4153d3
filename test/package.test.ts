import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import * as library from '../src/index.ts'

const run = promisify(execFile)
const npm = process.env['npm_execpath']

const packageFile = z
  .object({
    version: z.string(),
    files: z.array(z.string()),
    bin: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')))

const packed = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })])

/** npm by its own script where a test run was started by it, so that no shell is needed on Windows. */
async function npmOutput(...args: string[]): Promise<string> {
  const isScript = npm !== undefined && npm.endsWith('npm-cli.js')
  const [command, first] = isScript ? [process.execPath, [npm]] : ['npm', []]
  const { stdout } = await run(command, [...first, ...args], { maxBuffer: 16 * 1024 * 1024 })
  return stdout
}

test('the library exports what it promises', () => {
  expect(Object.keys(library).toSorted()).toMatchInlineSnapshot(`
    [
      "HoneError",
      "chooseTau",
      "codesValid",
      "compareTable",
      "createChatTemplate",
      "createChatText",
      "createEvaluation",
      "createServices",
      "createTokenizer",
      "decideLabel",
      "errorCodes",
      "evaluateGate",
      "evaluationJson",
      "evaluationTable",
      "exitStatus",
      "gateJunit",
      "gateMarkdown",
      "labelShares",
      "listFlips",
      "loadModelText",
      "loadTokenizer",
      "metricsOf",
      "parseGateRule",
      "readConfig",
      "repeatSummary",
      "reportHtml",
      "reportLines",
      "rowForensics",
      "userMetric",
    ]
  `)
})

test('the entry file names every export', () => {
  const source = readFileSync('src/index.ts', 'utf8')
  expect(source).toContain('export {')
  expect(source).not.toContain('export *')
})

describe('the package', () => {
  test('holds the build, the examples and the documents, and no test', async () => {
    // Without scripts: the build is there already, and others use it at this moment.
    const [{ files }] = packed.parse(
      JSON.parse(await npmOutput('pack', '--dry-run', '--json', '--ignore-scripts')),
    )
    const paths = files.map(({ path }) => path)
    const wanted = [
      'LICENSE',
      'README.md',
      'dist/evaluate/safety/suite/labelled-answers.jsonl',
      'dist/evaluate/safety/suite/questions.jsonl',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/main.js',
      'dist/page/index.html',
      'dist/workers/generate.js',
      'dist/workers/train.js',
      'docs/errors.md',
      'docs/hone.schema.json',
      'examples/claims-router/data.jsonl',
      'examples/claims-router/hone.yaml',
      'examples/legal-form/data.jsonl',
      'examples/moderation/data.jsonl',
      'package.json',
    ]
    expect(wanted.filter((path) => !paths.includes(path))).toEqual([])
    const strange = /\.test\.|(?:^|\/)(?:testing|fixtures)\/|^(?:src|test|bench|out)\/|\.env|\.tsbuildinfo/
    expect(paths.filter((path) => strange.test(path))).toEqual([])
  })

  test('is in order for publint', async () => {
    const { stdout } = await run(process.execPath, [
      'node_modules/publint/src/cli.js',
      '--strict',
      '--pack',
      'false',
    ])
    expect(stdout).toContain('All good')
  })

  test('the command can be started', () => {
    const file = packageFile.bin['hone'] ?? ''
    expect(readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true)
  })

  test('names exact versions only', () => {
    const versions = Object.entries({ ...packageFile.dependencies, ...packageFile.devDependencies })
    expect(versions.length).toBeGreaterThan(10)
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })
})
