import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Builds `dist/` once, because worker processes and the command line are tested as they are shipped, and gives all tests one
 * temporary folder, so that what a killed process leaves behind goes as well.
 */
export default function setup(): () => void {
  // Who has just built says so.
  if (process.env['HONE_TEST_BUILT'] !== '1') build()
  const kept = tmpdir()
  const folder = mkdtempSync(join(kept, 'hone-tests-'))
  // Servers that run as another user have folders in it.
  chmodSync(folder, 0o711)
  // What is fetched once stays where the next run finds it.
  process.env['HONE_TEST_CACHE'] ??= kept
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

function build(): void {
  const steps = [
    ['scripts/build-program.mjs'],
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    ['node_modules/vite/bin/vite.js', 'build', 'ui'],
  ]
  for (const step of steps) execFileSync(process.execPath, step, { stdio: 'inherit' })
}
