import { readAdapter } from '../../engine/adapter/adapter-files.ts'
import { adapterKey } from '../../engine/adapter/adapter-key.ts'
import { readBaseFolder } from '../../engine/weights/base-folder.ts'
import { readModelFolders } from '../../store/read-model.ts'
import { loadModelText } from '../../text/load-chat-text.ts'
import { findModelFolder } from './find-model.ts'
import { readUsableModel } from './read-usable-model.ts'

/**
 * A model of the home by its id, and a key of all that its answers depend on.
 *
 * @throws HoneError `E_MODEL_UNKNOWN`, `E_MODEL_FILE`
 */
export async function namedModel(
  home: string,
  id: string,
): Promise<{ readonly folder: string; readonly key: string }> {
  const folder = await findModelFolder(home, id)
  await readUsableModel(folder)
  const folders = await readModelFolders(home, folder)
  const { weightsKey, architecture, config } = await readBaseFolder(folders.base)
  const { template } = await loadModelText(folders.base)
  const baseKey = `${weightsKey} ${template.hash}`
  if (folders.adapter === undefined) return { folder, key: baseKey }
  const adapter = await readAdapter(folders.adapter, architecture, config)
  return { folder, key: `${baseKey} ${adapterKey(adapter)} ${JSON.stringify(adapter.config)}` }
}
