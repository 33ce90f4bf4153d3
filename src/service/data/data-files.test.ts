import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { temporaryFolder } from '../../data/testing/temporary-folder.ts'
import type { DataEvent } from './data-event.ts'
import { dataExport } from './data-export.ts'
import { dataImport } from './data-import.ts'

const chat = (answer: string, more: object = {}): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: answer },
    ],
    ...more,
  })

async function refusal(work: Promise<unknown>): Promise<HoneError> {
  const error: unknown = await work.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof HoneError)) throw error
  return error
}

test('several files become one, and each says what it was', async () => {
  await using folder = await temporaryFolder()
  const table = await folder.write('a.csv', 'question,answer,note\nq,a,n\n')
  const list = await folder.write('b.json', `[${chat('b', { label: 'l' })}]`)
  const to = join(folder.path, 'out.jsonl')
  const events: DataEvent[] = []
  const imported = await dataImport({ files: [table, list], to }, { onEvent: (event) => events.push(event) })
  expect(imported).toMatchObject({
    records: 2,
    refused: 0,
    sources: [
      {
        kind: 'csv',
        formats: [{ id: 'columns', evidence: 'columns question → user, answer → assistant' }],
        notRead: [{ what: '"note" is not read', records: 1 }],
      },
      { kind: 'json', formats: [{ id: 'hone', records: 1 }] },
    ],
  })
  expect(readFileSync(to, 'utf8')).toBe(`${chat('a')}\n${chat('b', { label: 'l' })}\n`)
  expect(events.at(-1)).toMatchObject({ type: 'data-progress', step: 'import', records: 1 })
})

test('a record that cannot be read stops an import, unless it may be left out', async () => {
  await using folder = await temporaryFolder()
  const file = await folder.write('a.jsonl', `${chat('a')}\nbroken\n`)
  const to = join(folder.path, 'out.jsonl.gz')
  const error = await refusal(dataImport({ files: [file], to }))
  expect(error).toMatchObject({ code: 'E_DATA', at: { file, line: 2 } })
  expect(error.message).toContain('1 of 2 records cannot be read')
  expect(readdirSync(folder.path)).toEqual(['a.jsonl'])
  expect(await dataImport({ files: [file], to, allowLoss: true })).toMatchObject({ records: 1, refused: 1 })
  expect(await refusal(dataImport({ files: [file], to, allowLoss: true }))).toMatchObject({
    code: 'E_EXISTS',
  })
  await dataImport({ files: [file], to, allowLoss: true, force: true })
})

test('an export names what is lost, and refuses', async () => {
  await using folder = await temporaryFolder()
  const file = await folder.write('a.jsonl', `${chat('a')}\n${chat('b', { label: 'l', weight: 2 })}\n`)
  for (const ending of ['jsonl', 'csv', 'parquet', 'xlsx']) {
    const request = { file, as: 'prompt-completion', to: join(folder.path, `out.${ending}`) }
    const error = await refusal(dataExport(folder.path, request))
    expect(error.code).toBe('E_DATA')
    expect(error.message).toContain(
      '1 of 2 records would lose something as prompt-completion: weight 1, label 1',
    )
    expect(error.message).toContain('a.jsonl:2  loses: weight, label')
    expect(readdirSync(folder.path)).not.toContain(`out.${ending}`)
    const exported = await dataExport(folder.path, { ...request, allowLoss: true })
    expect(exported).toMatchObject({ records: 2, losses: { records: 1, leftOut: 0 } })
    const back = join(folder.path, `back-${ending}.jsonl`)
    await dataImport({ files: [request.to], to: back })
    expect(readFileSync(back, 'utf8')).toBe(`${chat('a')}\n${chat('b')}\n`)
  }
})

test('what cannot be meant is refused before anything is read', async () => {
  await using folder = await temporaryFolder()
  const file = await folder.write('a.jsonl', chat('a'))
  const to = join(folder.path, 'out.jsonl')
  const codes = await Promise.all([
    refusal(dataExport(folder.path, { file, as: 'openai', to })),
    refusal(dataExport(folder.path, { file, as: 'openai-chat', to: join(folder.path, 'out.doc') })),
    refusal(
      dataExport(folder.path, {
        file,
        as: 'openai-chat',
        to: join(folder.path, '.', 'a.jsonl'),
        force: true,
      }),
    ),
    refusal(dataImport({ files: [file], to: join(folder.path, 'out.csv') })),
    refusal(dataImport({ files: [file], to, from: 'nothing' })),
    refusal(dataImport({ files: [file], to, map: 'user' })),
  ])
  expect(codes.map(({ code }) => code)).toEqual(codes.map(() => 'E_USAGE'))
  const stopped = AbortSignal.abort(new HoneError('E_INTERRUPTED', 'stop'))
  expect(await refusal(dataImport({ files: [file], to }, { signal: stopped }))).toMatchObject({
    code: 'E_INTERRUPTED',
  })
  expect(readdirSync(folder.path)).toEqual(['a.jsonl'])
})
