import { readFile, writeFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dataCheck } from '../../service/data/data-check.ts'
import type { DataServices } from '../../service/data/data-services.ts'
import { runFake, type CliResult } from '../testing/fake-host.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-check-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const now = (): Date => new Date('2026-11-21T00:00:00Z')

async function run(...argv: string[]): Promise<CliResult> {
  const data: Pick<DataServices, 'check'> = {
    check: async (request, wait = {}) => ({
      ...(await dataCheck({ home: join(folder, '.hone'), now }, request, wait)),
      looks: null,
    }),
  }
  const result = await runFake(['data', 'check', ...argv, '--quiet'], { services: { data } })
  return { ...result, stdout: result.stdout.replaceAll(`${folder}/`, '').replaceAll(`${folder}\\`, '') }
}

const chat = (...said: readonly (readonly [role: string, content: string])[]): string =>
  JSON.stringify({ messages: said.map(([role, content]) => ({ role, content })) })

const lines = [
  ...Array.from({ length: 60 }, (_, at) =>
    chat(['user', `claim ${at}`], ['assistant', at % 2 === 0 ? 'Billing' : 'Claims']),
  ),
  chat(['assistant', 'Hello'], ['user', 'q'], ['assistant', 'Claims']),
  chat(['user', 'q'], ['user', 'r'], ['assistant', 'billing ']),
  '{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"',
]

const bad = async (): Promise<string> => {
  const file = join(folder, 'claims.jsonl')
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

describe('hone data check', () => {
  test('a bad file', async () => {
    const { stdout, status } = await run(await bad(), '--for', 'bedrock:claude-3-haiku')
    expect(status).toBe(2)
    expect(stdout).toMatchInlineSnapshot(`
      "claims.jsonl · 63 records · anthropic.claude-3-haiku-20240307 on Bedrock (rules of 2025-06)

      error      3  line 61 /messages/0/role  the first message must come from "user", this one from "assistant"  bedrock/first-role
                                              → take the greeting away, or put the question before it
                    line 62 /messages/1/role  two "user" messages in a row                                        bedrock/alternation
                                              → join them, or add what was said between them
                    line 63                   not JSON: unexpected end of line after :"assistant","content":"     json/syntax
                                              → mend the line or remove it
      warning    5           this base was retired on 2026-09-10; on Amazon's side no job will start                bedrock/lifecycle
                             → hone train can tune a local base with this file; a base to use instead: bedrock:nova-2-lite or bedrock:nova-lite
                    line 62  label "billing " occurs in 1 record only                                               label/rare
                             → collect more of them, at least 7, or merge the label into another
                    line 62  labels that differ in writing only: "Billing" (30 records), "billing " (1 record)      label/near-miss
                             → write all of them as "Billing"
                    line 62  1 answer begins with a small letter where 61 begin otherwise than with a small letter  answer/form-drift
                    line 62  1 answer ends with white space where 61 end without white space                        answer/form-drift
                             → write all answers in one form

      2 of 3 errors can be mended:  hone data check claims.jsonl --for bedrock:claude-3-haiku --quiet --fix  → claims.fixed.jsonl (and a diff)
      3 errors, 5 warnings, 0 notes
      "
    `)
  })

  test('--fix says what it did and what is left', async () => {
    const file = await bad()
    const { stdout, status } = await run(file, '--for', 'bedrock:claude-3-haiku', '--fix')
    expect(status).toBe(2)
    expect(stdout.slice(stdout.indexOf('fixed '))).toMatchInlineSnapshot(`
      "fixed     2 lines → claims.fixed.jsonl, each change in claims.fixed.diff
                1 bedrock/first-role · 1 bedrock/alternation
      left      1 error, 4 warnings
      next      mend by hand what is left: hone data check claims.fixed.jsonl --for bedrock:claude-3-haiku
      "
    `)
    await writeFile(file, `${lines.slice(0, -1).join('\n')}\n`)
    expect((await run(file, '--for', 'bedrock:claude-3-haiku', '--fix')).stderr).toContain('E_EXISTS')
    expect((await run(file, '--for', 'bedrock:claude-3-haiku', '--fix', '--force')).status).toBe(0)
    expect(await readFile(join(folder, 'claims.fixed.diff'), 'utf8')).toMatch(
      /^--- claims\.jsonl\n\+\+\+ claims\.fixed\.jsonl\n@@ -61 \+61 @@\n/,
    )
  })

  test('a sound file ends with 0, and the job beside it is checked', async () => {
    const file = await bad()
    await writeFile(file, `${lines.slice(0, 60).join('\n')}\n`)
    expect((await run(file)).status).toBe(0)
    const job = await run(
      file,
      '--for',
      'bedrock:claude-3-haiku',
      '--hyper',
      'learningRate=1e-5,epochCount=2',
    )
    expect(job.status).toBe(2)
    expect(job.stdout).toContain('use learningRateMultiplier')
    expect((await run(file, '--hyper', 'epochCount=2')).stderr).toContain('E_USAGE')
    expect((await run(file, '--hyper', 'epochCount')).stderr).toContain('must be name=value')
  })

  test('--json is one object, --sarif a file', async () => {
    const sarif = join(folder, 'out.sarif')
    const { stdout, status } = await run(await bad(), '--json', '--sarif', sarif)
    expect(status).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      records: 63,
      profile: null,
      passed: false,
      fixed: null,
    })
    expect(JSON.parse(await readFile(sarif, 'utf8'))).toMatchObject({ version: '2.1.0' })
  })

  test.each([
    [['--for', 'bedrock:claud-3-haiku'], 'did you mean bedrock:claude-3-haiku'],
    [['--schema', 'gone.json'], 'E_CONFIG'],
    [['--for', 'local:none-such'], 'E_MODEL_UNKNOWN'],
  ])('%j is refused', async (argv, message) => {
    const { stderr, status } = await run(await bad(), ...argv)
    expect([status, stderr.includes(message)]).toEqual([2, true])
  })
})
