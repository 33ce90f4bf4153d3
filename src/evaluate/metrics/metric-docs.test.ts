import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { metricMarkdown } from '../testing/metric-markdown.ts'
import { metricIds } from './task-metrics.ts'

// `npx vitest run src/evaluate/metrics/metric-docs -u` writes the file anew.
const file = fileURLToPath(new URL('../../../docs/metrics.md', import.meta.url))

test('docs/metrics.md has every metric', async () => {
  const text = metricMarkdown()
  for (const kind of ['labels', 'json', 'tool-calls', 'spans', 'codes', 'text'] as const) {
    expect(metricIds(kind).filter((id) => !text.includes(`| \`${id}\``))).toEqual([])
  }
  expect(text).not.toMatch(/undefined|\[object|NaN/)
  await expect(text).toMatchFileSnapshot(file)
})
