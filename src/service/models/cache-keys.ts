import { basename } from 'node:path'
import { readAdapter } from '../../engine/adapter/adapter-files.ts'
import { adapterKey } from '../../engine/adapter/adapter-key.ts'
import { readBaseFolder } from '../../engine/weights/base-folder.ts'
import { readModelFolders, readStoredModel } from '../../store/read-model.ts'

/** Keys under which a model's weights are cached; none for one that is unfinished. @throws HoneError for one that is broken */
export async function cacheKeysOf(home: string, folder: string): Promise<string[]> {
  const { kind } = await readStoredModel(folder, basename(folder))
  if (kind === 'base') return [(await readBaseFolder(folder)).weightsKey]
  if (kind !== 'tuned') return []
  const { base, adapter } = await readModelFolders(home, folder)
  const { architecture, config } = await readBaseFolder(base)
  return adapter === undefined ? [] : [adapterKey(await readAdapter(adapter, architecture, config))]
}
