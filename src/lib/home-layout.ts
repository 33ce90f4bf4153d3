import { join } from 'node:path'
import { HoneError } from '../core/errors.ts'

/** Names that Windows keeps for devices, whatever follows after a dot. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/
const modelId = /^[a-z0-9][a-z0-9._-]{0,99}$/

/** Folder of all models, base and tuned. Names in it that start with a dot are not models. */
export const modelsFolder = (home: string): string => join(home, 'models')

/** @throws HoneError `E_USAGE` for an id that could not be a folder everywhere */
export function modelFolder(home: string, id: string): string {
  if (!isModelId(id)) {
    throw new HoneError('E_USAGE', `"${id}" cannot be the id of a model`, {
      hint: 'use lower-case letters, digits, dots, hyphens and underscores, 100 at most, a letter or digit first',
    })
  }
  return join(modelsFolder(home), id)
}

/** Folder of all datasets: a folder for each name, in it one for each version. */
export const datasetsFolder = (home: string): string => join(home, 'datasets')

/** Folder of what is known of sealed test splits. */
export const sealsFolder = (home: string): string => join(home, 'seals')

/** Folder of what can be made again: cached weights. */
export const weightCacheFolder = (home: string): string => join(home, 'cache', 'weights')

/** Folder of results that can be computed again, such as counts of tokens. */
export const resultCacheFolder = (home: string): string => join(home, 'cache', 'results')

/** Folder of downloads that are under way. */
export const downloadsFolder = (home: string): string => join(home, 'cache', 'downloads')

export function isModelId(id: string): boolean {
  return modelId.test(id) && !deviceName.test(id) && !id.endsWith('.')
}

/** An id made from a file's or folder's name, undefined when nothing of it can be used. */
export function toModelId(name: string): string | undefined {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 100)
  return isModelId(id) ? id : undefined
}
