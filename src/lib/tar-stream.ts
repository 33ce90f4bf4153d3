import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'

const block = 512

/**
 * Files of a folder as a tar archive, as it is read: nothing is held. Names and sizes beyond what the old form holds stand in
 * extended headers.
 * Source: IEEE Std 1003.1-2017, pax, "ustar Interchange Format" and "pax Header Block".
 *
 * @param names paths in the folder, with slashes
 * @param root folder that all of them lie in within the archive
 */
export const tarStream = (folder: string, names: readonly string[], root: string): Readable =>
  Readable.from(tarBlocks(folder, names, root), { objectMode: false })

async function* tarBlocks(folder: string, names: readonly string[], root: string): AsyncGenerator<Buffer> {
  for (const name of names) {
    const file = join(folder, name)
    const { size, mtimeMs } = await stat(file)
    const path = `${root}/${name}`
    const seconds = Math.floor(mtimeMs / 1000)
    // 100 bytes hold a name, eleven octal digits a size.
    if (Buffer.byteLength(path) > 99 || size >= 8 ** 11) {
      const extended = Buffer.from(`${paxRecord('path', path)}${paxRecord('size', String(size))}`)
      yield header(`${root}/pax`, extended.length, seconds, 'x')
      yield padded(extended)
    }
    yield header(path, size, seconds, '0')
    let bytes = 0
    for await (const chunk of createReadStream(file)) {
      bytes += (chunk as Buffer).length
      yield chunk as Buffer
    }
    if (bytes !== size) throw new Error(`${file} changed while it was read`)
    if (size % block > 0) yield Buffer.alloc(block - (size % block))
  }
  yield Buffer.alloc(2 * block)
}

function header(path: string, size: number, seconds: number, type: '0' | 'x'): Buffer {
  const bytes = Buffer.alloc(block)
  const octal = (value: number, at: number, length: number): void => {
    bytes.write(
      `${Math.min(value, 8 ** (length - 1) - 1)
        .toString(8)
        .padStart(length - 1, '0')}\0`,
      at,
      'ascii',
    )
  }
  bytes.write(path, 0, 99, 'utf8')
  octal(0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(seconds, 136, 12)
  bytes.write('        ', 148, 'ascii')
  bytes.write(type, 156, 'ascii')
  bytes.write('ustar\u000000', 257, 'ascii')
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii')
  return bytes
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((block - (content.length % block)) % block)])
}

/** `LENGTH name=value`, where the length counts itself. */
function paxRecord(name: string, value: string): string {
  const rest = ` ${name}=${value}\n`
  const bytes = Buffer.byteLength(rest)
  let length = bytes + String(bytes).length
  if (bytes + String(length).length !== length) length = bytes + String(length).length
  return `${length}${rest}`
}
