import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { configJsonSchema } from './config-schema.ts'
import { allPaths } from './known-keys.ts'
import { configMarkdown } from './testing/config-markdown.ts'

// `npx vitest run src/config -u` writes the two files anew.
const docs = new URL('../../docs/', import.meta.url)

test('docs/hone.schema.json is the schema', async () => {
  const indented = JSON.stringify(configJsonSchema(), null, 2)
  // Lists of plain values on one line where they fit, as the formatter writes them.
  const text = indented.replaceAll(
    /^(.*)\[\s+([^[\]{}]*?)\s+\](,?)/gm,
    (list: string, before: string, items: string, comma: string) => {
      const line = `${before}[${items.replaceAll(/\s*\n\s*/g, ' ')}]${comma}`
      return line.length <= 110 ? line : list
    },
  )
  expect(JSON.parse(text)).toEqual(configJsonSchema())
  await expect(`${text}\n`).toMatchFileSnapshot(fileURLToPath(new URL('hone.schema.json', docs)))
})

test('docs/configuration.md has every key', async () => {
  const text = configMarkdown(configJsonSchema())
  const paths = allPaths(configJsonSchema()).map((path) => path.join('.'))
  expect(paths.length).toBeGreaterThan(40)
  expect(paths.filter((path) => !text.includes(`- \`${path}\` (`))).toEqual([])
  await expect(text).toMatchFileSnapshot(fileURLToPath(new URL('configuration.md', docs)))
})

test('every key is described', () => {
  expect(configMarkdown(configJsonSchema())).not.toContain('undefined')
})
