import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { withFileLock } from '../../lib/file-lock.ts'
import { modelFolder, modelsFolder } from '../../lib/home-layout.ts'
import type { OnModelEvent } from './model-events.ts'

export interface PlaceModelOptions {
  readonly home: string
  readonly id: string
  /** Replace a model of the same id. Default false. */
  readonly replace?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: OnModelEvent | undefined
}

/**
 * Makes a model's folder in the home, whole or not at all: it is filled under another name and renamed.
 *
 * @param fill writes the files into `staging`; `folder` is where they will be
 * @throws HoneError `E_EXISTS`, `E_USAGE` for an id that cannot be one, `E_DISK`, and what `fill` throws
 */
export async function placeModel<Result>(
  options: PlaceModelOptions,
  fill: (staging: string, folder: string) => Promise<Result>,
): Promise<Result> {
  const { home, id, signal } = options
  const folder = modelFolder(home, id)
  await makeFolder(modelsFolder(home))
  const lock = join(modelsFolder(home), `.${id}.lock`)
  const onWait = (): void => options.onEvent?.({ type: 'lock-waited', id })
  return withFileLock(lock, { signal, onWait }, async () => {
    await removeLeftovers(home, id)
    if (options.replace !== true && (await exists(folder))) {
      throw new HoneError('E_EXISTS', `there is a model "${id}" already`, {
        at: { file: folder },
        hint: 'give another id with --id, or replace it with --force',
      })
    }
    const staging = join(modelsFolder(home), `.${id}.${randomBytes(4).toString('hex')}.tmp`)
    try {
      await makeFolder(staging)
      const result = await fill(staging, folder)
      await putInPlace(staging, folder)
      return result
    } catch (error) {
      await rm(staging, { recursive: true, force: true })
      throw await diskError(error, folder)
    }
  })
}

const oldSuffix = '.old'

async function putInPlace(staging: string, folder: string): Promise<void> {
  if (!(await exists(folder))) {
    await rename(staging, folder)
    return
  }
  const old = `${staging}${oldSuffix}`
  await rename(folder, old)
  await rename(staging, folder)
  await rm(old, { recursive: true, force: true })
}

/**
 * Clears up after a killed import of the same id; the lock is held, so nobody writes there. A model that was about to
 * be replaced is put back.
 */
async function removeLeftovers(home: string, id: string): Promise<void> {
  const models = modelsFolder(home)
  const pattern = new RegExp(`^\\.${id.replaceAll('.', '\\.')}\\.[0-9a-f]{8}\\.tmp(${oldSuffix})?$`)
  const leftovers = (await readdir(models)).filter((name) => pattern.test(name))
  for (const name of leftovers) {
    const isOld = name.endsWith(oldSuffix)
    if (isOld && !(await exists(join(models, id)))) await rename(join(models, name), join(models, id))
    else await rm(join(models, name), { recursive: true, force: true })
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw await diskError(error, folder)
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
