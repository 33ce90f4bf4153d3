import { readFileSync } from 'node:fs'
import { packageFile } from './package-file.ts'

/** Version of this package, as its package.json says. */
export function packageVersion(): string {
  const file = packageFile('package.json')
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return version
}
