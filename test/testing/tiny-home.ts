import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importModel } from '../../src/engine/weights/import-model.ts'
import { tinyGguf } from '../../src/engine/weights/testing/hugging-face-folder.ts'
import { createRandom } from '../../src/lib/random.ts'

export interface TinyHome {
  readonly home: string
  /** Id of a base that is computed in milliseconds. */
  readonly base: string
  /** A folder for data and results. */
  readonly work: string
}

/**
 * A home with a tiny base, for tests of whole commands.
 *
 * @param contextLength tokens that the base takes, where its own 64 have no room for tools
 */
export async function tinyHome(contextLength?: number): Promise<TinyHome> {
  const folder = mkdtempSync(join(tmpdir(), 'hone-home-'))
  const home = join(folder, 'home')
  const { manifest, folder: base } = await importModel(tinyGguf, { home, id: 'tiny' })
  if (contextLength !== undefined) {
    const file = join(base, 'config.json')
    const config = JSON.parse(readFileSync(file, 'utf8')) as object
    writeFileSync(file, JSON.stringify({ ...config, max_position_embeddings: contextLength }))
  }
  return { home, base: manifest.id, work: folder }
}

const colours = ['red', 'green', 'blue']

/** Records of a task that even a tiny model can hold: each user text names a colour, the answer repeats it. */
export function colourRecords(count: number, seed = 1): object[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const colour = colours[index % colours.length] ?? ''
    const words = Array.from({ length: 2 + random.integer(3) }, () => random.integer(46_656).toString(36))
    return {
      messages: [
        { role: 'user', content: `${words.join(' ')} ${colour}` },
        { role: 'assistant', content: colour },
      ],
    }
  })
}

/** The same as JSONL. */
export const colourLines = (count: number, seed: number): string =>
  colourRecords(count, seed)
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('')

export function writeRecords(folder: string, name: string, records: readonly object[]): string {
  const file = join(folder, name)
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  return file
}
