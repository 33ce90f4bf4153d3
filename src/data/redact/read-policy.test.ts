import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { policyJsonSchema, readPolicy } from './read-policy.ts'

async function read(text: string): Promise<unknown> {
  await using folder = await temporaryFolder()
  const file = await folder.write('policy.yaml', text)
  try {
    return await readPolicy(file)
  } catch (error) {
    if (!HoneError.isInstance(error)) throw error
    return { code: error.code, message: error.message }
  }
}

describe('policy files', () => {
  test('are YAML or JSON', async () => {
    const wanted = {
      name: 'ward',
      default: 'pseudonym',
      kinds: { secret: 'drop', age: 'keep' },
      pseudonyms: 'file',
      mrn: ['H\\d{7}'],
    }
    expect(
      await read(
        'schema: 1\nname: ward\ndefault: pseudonym\nkinds: {secret: drop, age: keep}\npseudonyms: file\nmrn: ["H\\\\d{7}"]',
      ),
    ).toEqual(wanted)
    expect(await read(JSON.stringify({ schema: 1, ...wanted }))).toEqual(wanted)
  })

  test.each([
    ['schema: 1\nkinds: {emial: drop}', '/kinds/emial', 'did you mean email?'],
    ['schema: 1\nkinds: {phone: maks}', '/kinds/phone', 'did you mean mask?'],
    ['schema: 1\nkindz: {}', '/kindz', 'did you mean kinds?'],
    ['schema: 2', '/schema', 'must be 1'],
    ['schema: 1\ncountry: Germany', '/country', 'two capital letters'],
    ['{', '', 'not YAML'],
    ['just text', '/', 'expected object'],
  ])('%j is refused', async (text, pointer, message) => {
    const refused = (await read(text)) as { code: string; message: string }
    expect(refused.code).toBe('E_CONFIG')
    expect(refused.message).toContain(pointer)
    expect(refused.message).toContain(message)
  })

  test('a pattern that could take for ever is refused', async () => {
    expect(await read('schema: 1\nmrn: ["(a+)+"]')).toMatchObject({ code: 'E_USAGE' })
  })

  test('are known by name, and by a name that is nearly right', async () => {
    expect((await readPolicy('secrets-only')).default).toBe('keep')
    await expect(readPolicy('hippa-like')).rejects.toMatchObject({
      code: 'E_USAGE',
      hint: expect.stringContaining('hipaa-like') as string,
    })
  })
})

test('docs/redact-policy.schema.json is the schema', async () => {
  const indented = JSON.stringify(policyJsonSchema(), null, 2)
  // Short lists of plain values on one line, as the formatter writes them.
  const text = indented.replaceAll(/\[\s+([^[\]{}]*?)\s+\]/g, (list, items: string) => {
    const line = `[${items.replaceAll(/\s*\n\s*/g, ' ')}]`
    return line.length < 90 ? line : list
  })
  await expect(`${text}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL('../../../docs/redact-policy.schema.json', import.meta.url)),
  )
})
