import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * The URL of a file of this package, such as `dist/workers/train.js`, whoever asks: a module of the source, or a bundle of the
 * build, which lies in another folder.
 */
export function packageFile(path: string): URL {
  root ??= packageRoot()
  return new URL(path, root)
}

let root: URL | undefined

function packageRoot(): URL {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return pathToFileURL(join(folder, '/'))
}
