import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The layer table: a folder (or entry file) and what it may import besides itself. */
const allowed: Record<string, readonly string[]> = {
  core: [],
  lib: ['core'],
  profiles: ['core'],
  wire: ['core', 'lib'],
  text: ['core', 'lib'],
  data: ['core', 'lib', 'profiles', 'text'],
  engine: ['core', 'lib', 'text'],
  evaluate: ['core', 'lib'],
  store: ['core', 'lib'],
  'providers/local': ['core', 'lib', 'profiles', 'engine', 'text'],
  'providers/openai-compatible': ['core', 'lib', 'profiles', 'wire'],
  config: ['core', 'lib', 'profiles'],
  service: ['core', 'lib', 'profiles', 'text', 'data', 'engine', 'evaluate', 'store', 'config'],
  // S3 is a dialect of the store itself.
  server: ['core', 'lib', 'profiles', 'wire', 'store', 'config', 'service'],
  cli: ['core', 'lib', 'config', 'service'],
  workers: [
    'core',
    'lib',
    'profiles',
    'text',
    'data',
    'engine',
    'evaluate',
    'store',
    'providers/local',
    'config',
    'service',
    'compose.ts',
  ],
  'compose.ts': [
    'core',
    'lib',
    'profiles',
    'text',
    'data',
    'engine',
    'evaluate',
    'store',
    'providers/local',
    'providers/openai-compatible',
    'config',
    'service',
    'compose-server.ts',
    'cli',
    'workers',
  ],
  // Apart, so that a command that serves nothing loads nothing of it.
  'compose-server.ts': ['core', 'lib', 'store', 'config', 'service', 'server'],
  'main.ts': ['compose.ts', 'core', 'cli'],
  'index.ts': [
    'compose.ts',
    'core',
    'profiles',
    'text',
    'data',
    'engine',
    'evaluate',
    'store',
    'config',
    'service',
    'providers/local',
  ],
}

const layerOf = (file: string): string =>
  Object.keys(allowed).find((layer) => file === layer || file.startsWith(`${layer}/`)) ?? `no layer: ${file}`

interface Edge {
  readonly from: string
  readonly to: string
}

const importPattern = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g
const workerPattern = /packageFile\(\s*['"]dist\/([^'"]+\.js)['"]/g

function edgesOf(file: string, text: string): Edge[] {
  const imported = [...text.matchAll(importPattern)].map(([, specifier = '']) =>
    relative('src', join('src', file, '..', specifier)),
  )
  // Workers are started from the build, whose entries mirror the source.
  const started = [...text.matchAll(workerPattern)].map(([, path = '']) => path.replace(/\.js$/, '.ts'))
  return [...imported, ...started].map((to) => ({ from: file, to }))
}

function violations(edges: readonly Edge[]): string[] {
  return edges
    .filter(({ to }) => !to.startsWith('..'))
    .filter(({ from, to }) => layerOf(from) !== layerOf(to) && !allowed[layerOf(from)]?.includes(layerOf(to)))
    .map(({ from, to }) => `${from} -> ${to}`)
}

describe('layers', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const edges = files.flatMap((file) => edgesOf(file, readFileSync(join('src', file), 'utf8')))

  test('a planted violation is found', () => {
    expect(violations(edgesOf('core/x.ts', "import { y } from '../engine/y.ts'"))).toEqual([
      'core/x.ts -> engine/y.ts',
    ])
    expect(violations(edgesOf('cli/x.ts', "fork(packageFile('dist/workers/w.js'))"))).toHaveLength(1)
  })

  test('every file imports only what its layer may', () => {
    expect(files.length).toBeGreaterThan(0)
    expect(edges.length).toBeGreaterThan(0)
    expect(violations(edges)).toEqual([])
  })

  test('every file has a layer', () => {
    expect(files.map(layerOf).filter((layer) => layer.startsWith('no layer'))).toEqual([])
  })
})

/** Edges that leave the page's folder. */
const left = (file: string, text: string): Edge[] =>
  [...text.matchAll(importPattern)]
    .map((match) => ({ from: `ui/${file}`, to: relative('.', join('ui', file, '..', match[1] ?? '')) }))
    .map(({ from, to }) => ({ from, to: to.replaceAll('\\', '/') }))
    .filter(({ to }) => !to.startsWith('ui/'))

describe('the page', () => {
  const files = readdirSync('ui', { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
  test('takes nothing but the types of the API from elsewhere, and only where it calls it', () => {
    expect(left('views/x/x.tsx', "import { y } from '../../../src/core/y.ts'")).toHaveLength(1)
    expect(files.length).toBeGreaterThan(20)
    const edges = files.flatMap((file) => left(file, readFileSync(join('ui', file), 'utf8')))
    expect([...new Set(edges.map(({ from, to }) => `${from} -> ${to}`))]).toEqual([
      'ui/api/contract.ts -> examples/native-client/api-types.ts',
    ])
  })

  test('lends nothing to the package', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    )
    const borrowing = sources.filter((file) =>
      /from '(?:\.\.\/)+ui\//.test(readFileSync(join('src', file), 'utf8')),
    )
    expect(borrowing).toEqual([])
  })

  test('a view takes from the kit, the router and the API, never from another view', () => {
    const between = files
      .filter((file) => file.startsWith('views/'))
      .filter((file) => {
        const folder = file.split('/')[1] ?? ''
        const text = readFileSync(join('ui', file), 'utf8')
        const targets = [...text.matchAll(importPattern)].map((match) =>
          join('ui', file, '..', match[1] ?? ''),
        )
        return targets.some((to) => {
          const [, area, name] = to.replaceAll('\\', '/').split('/')
          return area === 'views' && name !== folder
        })
      })
    expect(between).toEqual([])
  })
})
