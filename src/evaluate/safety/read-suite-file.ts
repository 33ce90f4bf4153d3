import { readFileSync } from 'node:fs'

/** The records of a JSONL file that ships with this package; a test holds the files to their types. */
export function readSuiteFile<Record>(file: URL): Record[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record)
}
