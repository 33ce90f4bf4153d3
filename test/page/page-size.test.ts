import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { builtPage } from '../../src/server/page/page-files.ts'

const chunks = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    dynamicImports: z.array(z.string()).default([]),
  }),
)
const manifest = chunks.parse(JSON.parse(readFileSync(join(builtPage, '.vite', 'manifest.json'), 'utf8')))

/** Files that come with a chunk, itself included. */
function filesOf(name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name]
  if (chunk === undefined) throw new Error(`no chunk ${name}`)
  if (found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const each of chunk.imports) filesOf(each, found)
  return found
}

const gzipped = (files: Iterable<string>): number =>
  [...files].reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(builtPage, file)), { level: 9 }).length,
    0,
  )

test('the first view of the page is at most 300 KB of gzipped JavaScript', () => {
  const views = manifest['index.html']?.dynamicImports ?? []
  expect(views.length).toBeGreaterThanOrEqual(8)
  for (const view of views) {
    const size = gzipped(new Set([...filesOf('index.html'), ...filesOf(view)]))
    expect(size, `with ${view}`).toBeGreaterThan(30_000)
    expect(size, `with ${view}`).toBeLessThanOrEqual(300_000)
  }
})

test('charts come when they are needed', () => {
  const first = [...filesOf('index.html')].map((file) => readFileSync(join(builtPage, file), 'utf8')).join('')
  expect(first).toContain('createElement')
  expect(first).not.toContain('u-legend')
})

test('nothing of the page is inline, and every text lies beside its gzipped form', () => {
  const document = readFileSync(join(builtPage, 'index.html'), 'utf8')
  expect(document).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/)
  const files = readdirSync(join(builtPage, 'assets'))
  const texts = files.filter((file) => /\.(?:js|css)$/.test(file))
  expect(texts.length).toBeGreaterThan(8)
  expect(texts.filter((file) => !files.includes(`${file}.gz`))).toEqual([])
})
