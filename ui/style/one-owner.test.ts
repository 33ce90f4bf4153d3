import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { expect, test } from 'vitest'

/** Classes that a file gives a look of their own, not within what another class names. */
const styledBy = (file: string): string[] =>
  [
    ...readFileSync(file, 'utf8')
      .replaceAll(/\/\*.*?\*\//gs, '')
      .matchAll(/([^{}]+)\{/g),
  ]
    .flatMap(([, selectors = '']) => selectors.split(','))
    .flatMap((selector) => /^\.([a-z][\w-]*)/.exec(selector.trim())?.[1] ?? [])

// All styles that were once loaded stay: what two views style would look different after a visit to the other one.
test('a class has its look from one view or from the kit', () => {
  const owners = new Map<string, Set<string>>()
  for (const file of readdirSync('ui', { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.css')) continue
    const [folder, view] = file.split(sep)
    const owner = folder === 'views' ? `views/${view}` : 'kit'
    for (const name of styledBy(join('ui', file))) {
      owners.set(name, (owners.get(name) ?? new Set()).add(owner))
    }
  }
  expect(owners.size).toBeGreaterThan(100)
  const shared = [...owners].filter(([, { size }]) => size > 1)
  expect(shared.map(([name, who]) => [name, ...who])).toEqual([])
})
