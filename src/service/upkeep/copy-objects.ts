import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Copies a file of the home; false when it is gone. @param path with slashes, from the home */
export type CopyEntry = (path: string) => Promise<boolean>

/** Writes a file of the copy whose text is known. */
export type WriteEntry = (path: string, text: string) => Promise<void>

/**
 * Copies buckets while a server writes to them. The file of an object names its bytes, which never change: when they are
 * gone the object was replaced, and is read again.
 */
export async function copyObjects(home: string, copy: CopyEntry, write: WriteEntry): Promise<void> {
  for (const bucket of await namesIn(join(home, 's3'))) {
    const own = `s3/${bucket}`
    if (!(await copy(`${own}/bucket.json`))) continue
    for (const part of ['objects', 'uploads']) {
      const names = await readdir(join(home, own, part), { recursive: true }).catch(() => [])
      for (const name of names.filter((each) => each.endsWith('.json'))) {
        await copyNamed(home, own, `${part}/${name.replaceAll('\\', '/')}`, copy, write)
      }
    }
  }
}

async function copyNamed(
  home: string,
  bucket: string,
  name: string,
  copy: CopyEntry,
  write: WriteEntry,
): Promise<void> {
  for (let attempt = 1; attempt <= 100; attempt++) {
    const text = await readFile(join(home, bucket, name), 'utf8').catch(() => undefined)
    // Removed meanwhile.
    if (text === undefined) return
    const { content } = JSON.parse(text) as { readonly content?: string }
    if (content === undefined || (await copy(`${bucket}/bytes/${content}`))) {
      await write(`${bucket}/${name}`, text)
      return
    }
  }
  throw new Error(`${bucket}/${name} names bytes that are not there`)
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
