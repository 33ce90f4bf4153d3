import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findModel, listModels, removeModel } from './models.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hone-test-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function addModel(id: string, manifest: object | string): string {
  const folder = join(home, 'models', id)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'manifest.json'),
    typeof manifest === 'string' ? manifest : JSON.stringify({ schema: 1, id, ...manifest }),
  )
  return folder
}

describe('listing', () => {
  test('bases and tuned models, with fields that this version does not know', async () => {
    const folder = addModel('small', {
      kind: 'base',
      licence: 'Apache-2.0',
      createdAt: '2026-11-21T00:00:00Z',
    })
    mkdirSync(join(folder, 'nested'))
    writeFileSync(join(folder, 'nested', 'weights'), Buffer.alloc(1_000))
    addModel('router-1', { kind: 'tuned', base: 'small', future: [1] })
    const { models, unreadable } = await listModels(home)
    expect(unreadable).toEqual([])
    expect(models.map(({ id, manifest }) => [id, manifest.kind, manifest.base])).toEqual([
      ['router-1', 'tuned', 'small'],
      ['small', 'base', undefined],
    ])
    expect(models[0]?.manifest).toMatchObject({ future: [1] })
    expect(models[1]?.bytes).toBeGreaterThan(1_000)
  })

  test('unfinished and foreign things are no models', async () => {
    addModel('small', { kind: 'base' })
    addModel('.other.0123abcd.tmp', { kind: 'base' })
    writeFileSync(join(home, 'models', 'file'), '')
    expect((await listModels(home)).models.map(({ id }) => id)).toEqual(['small'])
  })

  test('a manifest that cannot be read is said', async () => {
    addModel('a', '{')
    addModel('b', { kind: 'other' })
    mkdirSync(join(home, 'models', 'c'))
    const { models, unreadable } = await listModels(home)
    expect(models).toEqual([])
    expect(unreadable.map(({ folder }) => folder)).toEqual(
      ['a', 'b', 'c'].map((id) => join(home, 'models', id)),
    )
    expect(unreadable[2]?.reason).toContain('no manifest.json')
  })

  test('no home, no models', async () => {
    expect(await listModels(join(home, 'none'))).toEqual({ models: [], unreadable: [] })
  })
})

describe('finding', () => {
  test('by id and by folder', async () => {
    const folder = addModel('small', { kind: 'base' })
    expect(await findModel(home, 'small')).toMatchObject({ id: 'small', folder, manifest: { kind: 'base' } })
    expect(await findModel(join(home, 'none'), folder)).toMatchObject({ id: 'small', folder })
  })

  test('an unknown name is answered with what there is', async () => {
    addModel('small', { kind: 'base' })
    await expect(findModel(home, 'smal', ['smollm2'])).rejects.toMatchObject({
      code: 'E_MODEL_UNKNOWN',
      message: 'there is no model "smal"',
      hint: 'did you mean small? Here: small. To pull: smollm2, hf:owner/name.',
    })
    await expect(findModel(join(home, 'none'), 'zzz')).rejects.toMatchObject({
      hint: 'No model is here yet.',
    })
  })

  test('a folder that is no model', async () => {
    await expect(findModel(home, home)).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: 'the folder has no manifest.json',
    })
  })
})

describe('removing', () => {
  test('takes the folder away', async () => {
    addModel('small', { kind: 'base' })
    expect((await removeModel(home, 'small')).bytes).toBeGreaterThan(10)
    expect(readdirSync(join(home, 'models'))).toEqual([])
  })

  test('a base that tuned models need stays, unless forced', async () => {
    const folder = addModel('small', { kind: 'base' })
    addModel('router-1', { kind: 'tuned', base: 'small' })
    await expect(removeModel(home, 'small')).rejects.toMatchObject({
      code: 'E_EXISTS',
      message: expect.stringContaining('router-1'),
    })
    expect(existsSync(folder)).toBe(true)
    await removeModel(home, 'small', { force: true })
    expect(existsSync(folder)).toBe(false)
  })

  test.each([
    ['nothing', 'E_MODEL_UNKNOWN'],
    ['../models', 'E_USAGE'],
    ['..', 'E_USAGE'],
  ])('%s is refused', async (id, code) => {
    addModel('small', { kind: 'base' })
    await expect(removeModel(home, id)).rejects.toMatchObject({ code })
    expect(readdirSync(join(home, 'models'))).toEqual(['small'])
  })
})
