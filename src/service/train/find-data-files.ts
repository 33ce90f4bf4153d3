import { dirname, relative } from 'node:path'
import { stat } from 'node:fs/promises'
import type { HoneConfig } from '../../config/hone-config.ts'
import { findDatasetFile } from '../../store/datasets.ts'

interface DataFiles {
  readonly train: string
  readonly validation?: string
  readonly test?: string
}

/**
 * The files that are meant by paths or dataset versions. A version that is a split gives its validation and test part too,
 * where none is named.
 *
 * @throws HoneError `E_DATA` for a version that is not there
 */
export async function findDataFiles(
  home: string,
  { train, validation, test }: DataFiles,
  whole: readonly ('validation' | 'test')[],
): Promise<DataFiles> {
  const found = await findDatasetFile(home, train)
  const isWhole = found.dataset !== null && !train.includes('/')
  const part = async (
    name: 'validation' | 'test',
    reference: string | undefined,
  ): Promise<string | undefined> => {
    if (reference !== undefined) return (await findDatasetFile(home, reference)).file
    if (!isWhole || !whole.includes(name)) return undefined
    return (await findDatasetFile(home, `${train}/${name}`).catch(() => undefined))?.file
  }
  const files = { validation: await part('validation', validation), test: await part('test', test) }
  return {
    train: found.file,
    ...(files.validation === undefined ? {} : { validation: files.validation }),
    ...(files.test === undefined ? {} : { test: files.test }),
  }
}

/** The configuration with files in place of dataset versions, and nothing split that comes in parts. */
export async function withDataFiles(home: string, config: HoneConfig): Promise<HoneConfig> {
  // Paths are resolved by now; what is no file may be the name of a dataset.
  const reference = async (path: string): Promise<string> =>
    (await isThere(path)) ? path : relative(dirname(config.file), path).replaceAll('\\', '/')
  const { train, validation, test } = config.data
  const data = await findDataFiles(
    home,
    {
      train: await reference(train),
      ...(validation === undefined ? {} : { validation: await reference(validation) }),
      ...(test === undefined ? {} : { test: await reference(test) }),
    },
    ['validation', 'test'],
  )
  return {
    ...config,
    // A file that is not there keeps its whole path for the message.
    data: { ...data, train: (await isThere(data.train)) ? data.train : train },
    split: {
      ...config.split,
      validation: data.validation === undefined ? config.split.validation : 0,
      test: data.test === undefined ? config.split.test : 0,
    },
  }
}

const isThere = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined
