import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { importModel } from '../../../engine/weights/import-model.ts'
import { tinyGguf } from '../../../engine/weights/testing/hugging-face-folder.ts'
import { temporaryFolder } from '../../../engine/weights/testing/temporary-folder.ts'

export interface TinyBase {
  readonly folder: string
  readonly cacheFolder: string
}

/** A base with a tokenizer and 64 tokens of context, in a home that is removed when the test ends. */
export async function tinyBase(): Promise<TinyBase> {
  const home = temporaryFolder()
  const { folder } = await importModel(tinyGguf, { home, id: 'tiny' })
  return { folder, cacheFolder: join(home, 'cache') }
}

/** A worker as it is shipped. */
export function builtWorker(name: 'generate' | 'train'): URL {
  const file = new URL(`../../../../dist/workers/${name}.js`, import.meta.url)
  if (!existsSync(file)) throw new Error(`${file.pathname} is not built: npm run build`)
  return file
}
