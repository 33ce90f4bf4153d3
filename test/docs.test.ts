import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const generated = new Set(['.git', '.venv', 'dist', 'node_modules', 'out'])

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
    if (!entry.isDirectory()) return entry.isFile() ? [path] : []
    return generated.has(entry.name) ? [] : filesIn(path)
  })
}

const files = filesIn('.')
const documents = files.filter((file) => file.endsWith('.md'))
const textOf = (file: string): string => readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
const withoutCode = (text: string): string =>
  text.replaceAll(/^ *```[^]*?^ *```/gm, '').replaceAll(/`[^`\n]*`/g, '')

interface Link {
  readonly from: string
  readonly path: string
  readonly heading: string
}

/** Links of a document into the repository. */
function linksOf(document: string): Link[] {
  return [...withoutCode(textOf(document)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', heading = ''] = target.split('#')
      return { from: document, path: path === '' ? document : join(dirname(document), path), heading }
    })
}

/** Anchors of headings, as the usual viewers of Markdown make them. */
const anchorsOf = (document: string): string[] =>
  [...textOf(document).matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('documents', () => {
  const links = documents.flatMap(linksOf)

  test('link only to what is there', () => {
    expect(documents.length).toBeGreaterThan(5)
    expect(links.length).toBeGreaterThan(10)
    expect(links.filter(({ path }) => !existsSync(path))).toEqual([])
  })

  test('link only to headings that are there', () => {
    const withHeading = links.filter(({ heading, path }) => heading !== '' && path.endsWith('.md'))
    expect(withHeading.filter(({ path, heading }) => !anchorsOf(path).includes(heading))).toEqual([])
  })

  test('name only files and folders that are there', () => {
    const named = ['README.md', 'AGENTS.md', 'CONTRIBUTING.md', 'docs/architecture.md'].flatMap((document) =>
      [...textOf(document).matchAll(/`((?:src|test|bench|docs|examples|scripts|\.ci)\/[\w./-]*)`/g)].map(
        (match) => ({ document, path: match[1] ?? '' }),
      ),
    )
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(({ path }) => !existsSync(path))).toEqual([])
  })

  test('every document of docs/ and docs/decisions/ is reached from another one', () => {
    const inDocs = documents.filter((document) => document.startsWith('docs/'))
    const reached = new Set(
      links.flatMap(({ from, path }) => (from === path ? [] : [path.replaceAll('\\', '/')])),
    )
    expect(inDocs.length).toBeGreaterThan(3)
    expect(
      inDocs.filter((document) => !reached.has(document) && !reached.has(`${dirname(document)}/`)),
    ).toEqual([])
  })
})

test('AGENTS.md is short enough to be read', () => {
  const lines = textOf('AGENTS.md').trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(40)
  expect(lines.length).toBeLessThanOrEqual(150)
})

test('AGENTS.md and docs/architecture.md show the layers as they are enforced', () => {
  const table = textOf('test/architecture.test.ts').split('const allowed')[1]?.split('\n}\n')[0] ?? ''
  const layers = [...table.matchAll(/^ {2}'?([\w./]+)'?: \[/gm)].map((match) => match[1] ?? '')
  expect(layers.length).toBeGreaterThan(10)
  for (const document of ['AGENTS.md', 'docs/architecture.md']) {
    expect(layers.filter((layer) => !textOf(document).includes(layer))).toEqual([])
  }
})

test('AGENTS.md names scripts of package.json only', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
  const named = [...textOf('AGENTS.md').matchAll(/npm (?:run ([\w:]+)|(test))\b/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
  expect(named.length).toBeGreaterThan(3)
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
})

test('CHANGELOG.md tells what is not released yet', () => {
  expect(textOf('CHANGELOG.md')).toMatch(/^## Unreleased\n\n(?:### \w+\n\n)?- \S/m)
})

test('no file names a folder of the machine it was written on', () => {
  // Tests of paths have the homes `/home` and `/home/u`.
  const machineFolder =
    /(?<![\w.)}~/-])\/(?:home\/(?!u\b|models\b)\w+|Users\/\w+|root|mnt|tmp|work|workspaces?)(?![\w-])/
  expect(machineFolder.test('at /home/somebody/x')).toBe(true)
  expect(machineFolder.test('../workers/train.js or https://a.b/work')).toBe(false)
  // In a second work tree of a repository, `.git` is a file that names the first.
  const own = files.filter((file) => file !== 'LICENSE' && file !== '.git')
  const small = own.filter((file) => statSync(file).size < 8_000_000)
  expect(small.length).toBeGreaterThan(100)
  const found = small.flatMap((file) => {
    const path = machineFolder.exec(file === 'test/docs.test.ts' ? '' : textOf(file))?.[0]
    return path === undefined ? [] : [`${file}: ${path}`]
  })
  expect(found).toEqual([])
})
