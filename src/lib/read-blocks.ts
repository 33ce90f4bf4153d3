import { open } from 'node:fs/promises'

const blockBytes = 1 << 20

/**
 * The bytes of a file in blocks of up to 1 MiB, the next one read while one is used. There are two buffers only: a block is
 * written over once the one after it is asked for.
 */
export async function* readBlocks(
  path: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Buffer> {
  await using handle = await open(path)
  const buffers = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)] as const
  const readInto = (buffer: Buffer): Promise<Buffer> => {
    const reading = handle.read(buffer, 0, blockBytes).then(({ bytesRead }) => buffer.subarray(0, bytesRead))
    // Who stops early does not wait for it; who goes on is told.
    reading.catch(() => undefined)
    return reading
  }
  let reading = readInto(buffers[0])
  try {
    for (let turn = 1; ; turn = 1 - turn) {
      const block = await reading
      signal?.throwIfAborted()
      if (block.length === 0) return
      reading = readInto(buffers[turn as 0 | 1])
      yield block
    }
  } finally {
    await reading.catch(() => undefined)
  }
}
