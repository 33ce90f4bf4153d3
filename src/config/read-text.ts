import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'

/** Neither a configuration nor a prompt is longer than this. */
const maximumBytes = 2 ** 20

/** The text of a small file, or why there is none. */
export async function readText(file: string): Promise<string | { readonly problem: string }> {
  try {
    const handle = await open(file)
    try {
      const found = await handle.stat()
      if (!found.isFile()) return { problem: `this is no file with text: ${file}` }
      if (found.size > maximumBytes) {
        return {
          problem: `the file has ${(found.size / 2 ** 20).toFixed(1)} MiB, the limit is 1 MiB: ${file}`,
        }
      }
      const bytes = await handle.readFile()
      return isUtf8(bytes) ? bytes.toString('utf8') : { problem: `the file is not UTF-8 text: ${file}` }
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return { problem: `there is no such file: ${file}` }
    return { problem: `the file cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}
