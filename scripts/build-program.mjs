// Bundles what runs into `dist`: to find and compile a thousand small modules would be most of a command's start. The
// declarations of the library are written by tsc, the page by Vite.
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { rolldown } from 'rolldown'

/** Libraries of many small modules go into the bundles; the others stay where npm put them. */
const inlined = ['commander', 'kysely', 'zod']
/** What newer syntax becomes; it comes with the bundler. */
const helpers = '@oxc-project/runtime'

/** Run by themselves: the command, the library, processes and threads. */
const entries = [
  'main',
  'index',
  'data/check/check-thread',
  'data/sources/parquet-thread',
  ...readdirSync('src/workers')
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => `workers/${file.replace(/\.ts$/, '')}`),
]

const isExternal = (id) =>
  !id.startsWith('.') &&
  !isAbsolute(id) &&
  ![...inlined, helpers].some((name) => id === name || id.startsWith(`${name}/`))

if (existsSync('dist')) {
  for (const name of readdirSync('dist')) if (name !== 'page') rmSync(join('dist', name), { recursive: true })
}
const program = await rolldown({
  input: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
  external: isExternal,
  platform: 'node',
  transform: { target: 'node20.20' },
})
await program.write({
  dir: 'dist',
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
})
const licences = inlined.map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`)
writeFileSync('dist/licences.txt', licences.join('\n\n'))
cpSync('src/evaluate/safety/suite', 'dist/evaluate/safety/suite', { recursive: true })
chmodSync('dist/main.js', 0o755)
