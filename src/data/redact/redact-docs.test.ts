import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { detectors } from './detectors.ts'
import { measuredOn } from './measured.ts'
import { builtInPolicies, redactActions } from './policy.ts'

const text = readFileSync(new URL('../../../docs/redact.md', import.meta.url), 'utf8')
const rows = text
  .split(/\r?\n/)
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  )
const firstCells = new Set(rows.map(([cell]) => cell))

test('docs/redact.md has a row for each kind, in their order, with what it covers and what not', () => {
  expect(detectors.length).toBeGreaterThan(30)
  expect(rows.filter((cells) => cells.length === 4 && cells[0]?.startsWith('`'))).toEqual(
    detectors.map(({ kind, group, title, covers, misses }) => [
      `\`${kind}\``,
      group,
      `${title}: ${covers}`,
      misses,
    ]),
  )
})

test('docs/redact.md has the measured numbers', () => {
  const { right, missed, false: wrong } = measuredOn.total
  const share = Math.round((100 * right) / (right + missed))
  expect(rows).toContainEqual([
    'all kinds',
    `${right + missed}`,
    `${right} (${share} %)`,
    `${missed}`,
    `${wrong}`,
  ])
})

test('docs/redact.md lists every policy and action', () => {
  for (const name of [...builtInPolicies.map((policy) => policy.name), ...redactActions]) {
    expect(firstCells).toContain(`\`${name}\``)
  }
})
