import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError } from '../lib/disk-error.ts'
import { sealsFolder } from '../lib/home-layout.ts'

/** A look at a sealed test split: a line of its file. */
export interface Look {
  readonly schema: 1
  readonly kind: 'look'
  readonly at: string
  /** The command that looked. */
  readonly command: string
  readonly purpose: string
}

interface Seal {
  readonly schema: 1
  readonly kind: 'seal'
  readonly at: string
  /** SHA-256 of the file that holds the test split; null where it is only drawn in memory. */
  readonly file: string | null
}

/**
 * Seals a test split: from now on, looks at it are counted. A second seal of the same split changes nothing but the files
 * that are known to hold it.
 *
 * @param examples hash of the split's examples (`datasetHash`)
 */
export async function sealTestSplit(home: string, examples: string, file: string | null): Promise<void> {
  const lines = await linesOf(home, examples)
  if (lines.some((line) => line.kind === 'seal' && (file === null || line.file === file))) return
  await append(home, examples, { schema: 1, kind: 'seal', at: new Date().toISOString(), file })
}

/** Writes down a look at a test split, and returns how many there have been. The file is only ever added to. */
export async function recordLook(
  home: string,
  examples: string,
  look: Pick<Look, 'command' | 'purpose'>,
): Promise<number> {
  await append(home, examples, { schema: 1, kind: 'look', at: new Date().toISOString(), ...look })
  return countLooks(home, examples)
}

export async function countLooks(home: string, examples: string): Promise<number> {
  return (await linesOf(home, examples)).filter(({ kind }) => kind === 'look').length
}

/** Sealed test splits by the SHA-256 of the files that hold them. */
export async function sealedFiles(home: string): Promise<ReadonlyMap<string, string>> {
  const sealed = new Map<string, string>()
  for (const name of await readdir(sealsFolder(home)).catch((): string[] => [])) {
    const examples = /^([0-9a-f]{64})\.jsonl$/.exec(name)?.[1]
    if (examples === undefined) continue
    for (const line of await linesOf(home, examples)) {
      if (line.kind === 'seal' && line.file !== null) sealed.set(line.file, examples)
    }
  }
  return sealed
}

const fileOf = (home: string, examples: string): string => join(sealsFolder(home), `${examples}.jsonl`)

async function append(home: string, examples: string, line: Look | Seal): Promise<void> {
  const path = fileOf(home, examples)
  try {
    await mkdir(sealsFolder(home), { recursive: true })
    // A crash may have cut the last line.
    const known = await readFile(path, 'utf8').catch(() => '')
    const start = known === '' || known.endsWith('\n') ? '' : '\n'
    const handle = await open(path, 'a')
    try {
      // One write of a whole line: two processes that look at once do not mix their lines.
      await handle.write(`${start}${JSON.stringify(line)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw await diskError(error, path)
  }
}

/** What was written down; a line that was cut off by a crash is left out. */
async function linesOf(home: string, examples: string): Promise<(Look | Seal)[]> {
  const text = await readFile(fileOf(home, examples), 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    try {
      const value = JSON.parse(line) as Look | Seal
      return value.schema === 1 ? [value] : []
    } catch {
      return []
    }
  })
}
