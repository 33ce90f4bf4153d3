import type { FileHandle } from 'node:fs/promises'
import { FileCursor } from '../weights/file-cursor.ts'
import { readMetadataValue, readString } from '../weights/gguf-metadata.ts'
import { openModelFile } from '../weights/open-model-file.ts'
import { readFully } from '../weights/read-fully.ts'
import type { GgufValue } from './gguf-writer.ts'

/** Bytes before the first metadata entry: magic, version and two counts. */
const fixedHeaderBytes = 24

/** The metadata of a sound GGUF file by key, each value as its bytes, so that it can be written again as it is. */
export async function readGgufValues(path: string): Promise<Map<string, GgufValue>> {
  const handle = await openModelFile(path)
  try {
    return await readValues(handle, path)
  } finally {
    await handle.close()
  }
}

async function readValues(handle: FileHandle, path: string): Promise<Map<string, GgufValue>> {
  const { size } = await handle.stat()
  const cursor = new FileCursor(handle.fd, size)
  cursor.bytes(fixedHeaderBytes - 8)
  const count = Number(cursor.u64())
  const places: { readonly key: string; readonly start: number; readonly end: number }[] = []
  for (let index = 0; index < count; index++) {
    const key = readString(cursor, `metadata key ${index}`)
    const start = cursor.position
    readMetadataValue(cursor, key)
    places.push({ key, start, end: cursor.position })
  }
  const values = new Map<string, GgufValue>()
  for (const { key, start, end } of places) {
    const bytes = new Uint8Array(end - start)
    await readFully(handle, bytes, start, path)
    values.set(key, bytes)
  }
  return values
}
