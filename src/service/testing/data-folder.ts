import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with a home and files of examples; removed at the end of the test. */
export interface DataFolder extends AsyncDisposable {
  readonly path: string
  readonly home: string
  /** Writes records, a line each, and returns the path. */
  records(name: string, records: readonly object[]): Promise<string>
  read(name: string): Promise<string>
  lines(name: string): Promise<string[]>
}

export async function dataFolder(): Promise<DataFolder> {
  const path = await mkdtemp(join(tmpdir(), 'hone-test-'))
  const read = (name: string): Promise<string> => readFile(join(path, name), 'utf8')
  return {
    path,
    home: join(path, 'home'),
    async records(name, records) {
      await writeFile(join(path, name), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
      return join(path, name)
    },
    read,
    lines: async (name) => (await read(name)).trimEnd().split('\n'),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

/** A record of one question and one answer. */
export const record = (input: string, output: string, more: object = {}): object => ({
  input,
  output,
  ...more,
})

/** Questions that share no three words. */
export const question = (number: number): string =>
  `alpha${number} beta${number} gamma${number} delta${number} epsilon${number} zeta${number} eta${number} theta${number} iota${number} kappa${number}`
