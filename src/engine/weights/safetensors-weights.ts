import { readFile, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { openSafetensors, type SafetensorsEntry } from './safetensors-header.ts'
import { readEntry } from './safetensors.ts'
import type { WeightSource } from './weight-source.ts'

interface Place {
  readonly file: string
  readonly handle: FileHandle
  readonly entry: SafetensorsEntry
}

/**
 * Safetensors files as one source of weights.
 *
 * @param files paths of all the files; a name must be in one of them only
 * @throws HoneError `E_MODEL_FILE`
 */
export async function safetensorsWeights(files: readonly string[]): Promise<WeightSource> {
  const places = new Map<string, Place>()
  const handles: FileHandle[] = []
  const close = async (): Promise<void> => {
    await Promise.all(handles.map((handle) => handle.close()))
  }
  try {
    for (const file of files) {
      const { handle, header } = await openSafetensors(file)
      handles.push(handle)
      for (const [name, entry] of header.tensors) {
        const other = places.get(name)
        if (other !== undefined) {
          throw new HoneError('E_MODEL_FILE', `tensor "${name}" is in ${basename(other.file)} too`, {
            at: { file },
          })
        }
        places.set(name, { file, handle, entry })
      }
    }
  } catch (error) {
    await close()
    throw error
  }
  const place = (name: string): Place => {
    const found = places.get(name)
    if (found !== undefined) return found
    throw new HoneError('E_MODEL_FILE', `there is no tensor "${name}"`, {
      at: files[0] === undefined ? {} : { file: files[0] },
    })
  }
  return {
    names: () => [...places.keys()],
    shape: (name) => place(name).entry.shape,
    read: async (name) => {
      const { file, handle, entry } = place(name)
      return readEntry(handle, entry, name, file)
    },
    close,
  }
}

/**
 * File names of the shards that an index (`model.safetensors.index.json`) names.
 *
 * @throws HoneError `E_MODEL_FILE` for an index that is not one, or that leads out of its folder
 */
export async function readShardNames(indexFile: string): Promise<string[]> {
  const weightMap = parseWeightMap(await readFile(indexFile, 'utf8'))
  if (weightMap === undefined || weightMap.length === 0) {
    throw new HoneError('E_MODEL_FILE', 'not an index of safetensors files: no "weight_map"', {
      at: { file: indexFile },
    })
  }
  const names = [...new Set(weightMap)]
  for (const name of names) {
    if (typeof name !== 'string' || !/^[\w][\w.-]*\.safetensors$/.test(name)) {
      throw new HoneError(
        'E_MODEL_FILE',
        `${JSON.stringify(name)} is not the name of a file beside the index`,
        {
          at: { file: join(dirname(indexFile), basename(indexFile)), pointer: '/weight_map' },
        },
      )
    }
  }
  return names.filter((name) => typeof name === 'string')
}

function parseWeightMap(text: string): unknown[] | undefined {
  try {
    const json: unknown = JSON.parse(text)
    const map =
      typeof json === 'object' && json !== null && 'weight_map' in json ? json.weight_map : undefined
    return typeof map === 'object' && map !== null ? Object.values(map) : undefined
  } catch {
    return undefined
  }
}
