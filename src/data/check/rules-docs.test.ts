import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { profiles } from '../../profiles/profiles.ts'
import { describedRules } from './rule-table.ts'
import { rulesMarkdown } from '../testing/rules-markdown.ts'

// `npx vitest run src/data/rules-docs -u` writes the file anew.
const file = fileURLToPath(new URL('../../../docs/data-rules.md', import.meta.url))

test('docs/data-rules.md has every rule and every profile', async () => {
  const text = rulesMarkdown()
  expect(
    describedRules()
      .map(({ id }) => id)
      .filter((id) => !text.includes(`\`${id}\``)),
  ).toEqual([])
  expect(profiles.map(({ id }) => id).filter((id) => !text.includes(`### \`${id}\``))).toEqual([])
  expect(text).not.toMatch(/undefined|\[object|NaN/)
  await expect(text).toMatchFileSnapshot(file)
})
