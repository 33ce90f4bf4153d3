import { existsSync, readFileSync } from 'node:fs'
import { packageFile } from '../../lib/package-file.ts'

/** The records of a JSONL file of the suite that ships with this package; a test holds the files to their types. */
export function readSuiteFile<Record>(name: string): Record[] {
  const [source, built] = ['src', 'dist'].map((folder) =>
    packageFile(`${folder}/evaluate/safety/suite/${name}`),
  )
  const file = source !== undefined && existsSync(source) ? source : built
  return readFileSync(file!, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record)
}
