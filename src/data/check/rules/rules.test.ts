import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findProfile } from '../../../profiles/profiles.ts'
import { answerFaultsOf } from '../answer-faults.ts'
import { checkFile, type FileCheck } from '../check-file.ts'
import { labelField } from '../label-field.ts'
import { recordRules } from '../record-rules.ts'
import { readingRules } from '../../records/reading-rules.ts'
import { describedRules } from '../rule-table.ts'
import type { RuleCase } from '../../testing/make-records.ts'
import { ruleCases } from '../../testing/rule-cases.ts'
import { temporaryFolder } from '../../testing/temporary-folder.ts'

const textOf = (lines: readonly (object | string)[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')

async function check(lines: RuleCase['bad'], rule: RuleCase, name: string): Promise<FileCheck> {
  await using folder = await temporaryFolder()
  const against = rule.against && (await folder.write('validation.jsonl', textOf(rule.against)))
  return await checkFile(await folder.write(name, textOf(lines)), {
    profile: findProfile(rule.for ?? 'bedrock:claude-3-haiku').profile,
    against,
    privacy: rule.privacy,
    labelOf: rule.label === undefined ? undefined : labelField(rule.label),
    answerFaults: rule.schema === undefined ? undefined : answerFaultsOf(rule.schema, 'schema.json'),
  })
}

describe.each(ruleCases.map((rule, at) => ({ ...rule, at })))('$id ($at)', (rule) => {
  const [badName, nearName] = rule.names ?? ['data.jsonl', 'data.jsonl']

  test('finds every record that breaks it, with place and words', async () => {
    const { problems, file } = await check(rule.bad, rule, badName)
    const found = problems.findings.filter(({ id }) => id === rule.id)
    expect(found).not.toEqual([])
    const wrong = found.filter(
      ({ at, message }) =>
        basename(at.file ?? '') !== basename(file) || /undefined|NaN|\[object/.test(message),
    )
    expect(wrong).toEqual([])
    // Of rules about single records, each line of the file is one that breaks it.
    const isAboutLines = recordRules.some(({ id }) => id.split('/')[1] === rule.id.split('/')[1])
    const lines = isAboutLines ? rule.bad.map((_, at) => at + 1) : found.map(({ at }) => at.line)
    expect([...new Set(found.map(({ at }) => at.line))]).toEqual([...new Set(lines)])
  })

  test('does not find what nearly breaks it', async () => {
    const { problems } = await check(rule.near, rule, nearName)
    expect(problems.findings.filter(({ id }) => id === rule.id)).toEqual([])
  })
})

describe('the registry', () => {
  const described = describedRules()

  test('every rule has a case, but those that need a large file, a model, or a declared list', () => {
    const tested = new Set(ruleCases.map(({ id }) => id))
    const elsewhere = new Set([
      ...Object.keys(readingRules),
      'answer/cut',
      'label/undeclared',
      'label/unseen',
      'bedrock/file-size',
      'openai/file-size',
    ])
    expect(described.length).toBeGreaterThan(50)
    expect(described.map(({ id }) => id).filter((id) => !tested.has(id) && !elsewhere.has(id))).toEqual([])
  })

  test('every rule has an id of its own, a reason, and every provider rule a source', () => {
    expect(described.map(({ id }) => id)).toEqual([...new Set(described.map(({ id }) => id))])
    expect(described.filter(({ reason }) => !reason.endsWith('.'))).toEqual([])
    expect(
      described.filter(({ profiles, source }) => profiles.length > 0 && !source?.startsWith('https://')),
    ).toEqual([])
  })
})
