import { readdir, rename, rm, stat } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { HoneError } from '../core/errors.ts'
import { closestWord } from '../lib/closest-word.ts'
import { diskError } from '../lib/disk-error.ts'
import { isModelId, modelFolder, modelsFolder } from '../lib/home-layout.ts'
import { readStoredModel, type StoredModel } from './read-model.ts'

export type ListedModel = StoredModel & {
  /** Size of all files in the folder. */
  readonly bytes: number
}

/**
 * Everything in the home's folder of models, by id: bases, tuned models, unfinished training runs, and folders whose
 * manifest cannot be read. A home that is not there has none.
 */
export async function listModels(home: string): Promise<ListedModel[]> {
  const ids = await idsIn(home)
  return Promise.all(
    ids.map(async (id) => {
      const folder = modelFolder(home, id)
      const [model, files] = await Promise.all([readStoredModel(folder, id), modelFiles(folder)])
      return { ...model, id, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
    }),
  )
}

/**
 * The folder of the model that a user means: an id in the home, or the path of a model's folder from the working folder
 * or from the home.
 *
 * @param pullable ids that could be pulled, for the hint
 * @throws HoneError `E_MODEL_UNKNOWN` with what to do
 */
export async function findModelFolder(
  home: string,
  reference: string,
  pullable: readonly string[] = [],
): Promise<string> {
  const candidates = [
    ...(isModelId(reference) ? [modelFolder(home, reference)] : []),
    resolve(reference),
    ...(isAbsolute(reference) ? [] : [join(home, reference)]),
  ]
  for (const folder of candidates) if (await isModelFolder(folder)) return folder
  throw await unknownModel(home, reference, pullable)
}

export interface FileSize {
  /** Path in the folder, with slashes. */
  readonly name: string
  readonly bytes: number
}

/** All files below a folder, by name; none when it is not there. */
export async function modelFiles(folder: string): Promise<FileSize[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined)
      return found?.isFile() === true ? [{ name: name.replaceAll('\\', '/'), bytes: found.size }] : []
    }),
  )
  return files.flat().toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

export interface RemoveModelOptions {
  /** Remove a base although tuned models need it, or a training run that could go on. Default false. */
  readonly force?: boolean | undefined
}

/**
 * Removes a model from the home; it is out of sight at once, even if deleting its files is interrupted.
 *
 * @throws HoneError `E_MODEL_UNKNOWN`; `E_EXISTS` for a base that tuned models in the home belong to, and for a
 *   training run that could go on
 */
export async function removeModel(
  home: string,
  id: string,
  options: RemoveModelOptions = {},
): Promise<{ readonly folder: string; readonly bytes: number }> {
  const folder = modelFolder(home, id)
  if (!(await idsIn(home)).includes(id)) throw await unknownModel(home, id, [])
  if (options.force !== true) await refuseNeeded(home, folder, id)
  const bytes = (await modelFiles(folder)).reduce((sum, file) => sum + file.bytes, 0)
  const hidden = join(modelsFolder(home), `.${id}.removed`)
  try {
    await rm(hidden, { recursive: true, force: true })
    await rename(folder, hidden)
    await rm(hidden, { recursive: true, force: true })
  } catch (error) {
    throw await diskError(error, folder)
  }
  return { folder, bytes }
}

async function refuseNeeded(home: string, folder: string, id: string): Promise<void> {
  const model = await readStoredModel(folder, id)
  if (model.kind === 'unfinished') {
    throw new HoneError('E_EXISTS', `"${id}" is a training run that can go on`, {
      at: { file: folder },
      hint: `go on: hone train --resume ${id}, or remove it anyway: hone models remove ${id} --force`,
    })
  }
  if (model.kind !== 'base') return
  const names = (await listModels(home))
    .filter((other) => 'base' in other && other.base === id)
    .map((other) => other.id)
  if (names.length === 0) return
  const needed = names.length === 1 ? 'a tuned model needs' : `${names.length} tuned models need`
  throw new HoneError('E_EXISTS', `${needed} "${id}": ${names.join(', ')}`, {
    at: { file: folder },
    hint: `remove ${names.length === 1 ? 'it' : 'them'} first, or remove it anyway: hone models remove ${id} --force`,
  })
}

async function unknownModel(
  home: string,
  reference: string,
  pullable: readonly string[],
): Promise<HoneError> {
  const message = `there is no model "${reference}"`
  if (pullable.includes(reference)) {
    return new HoneError('E_MODEL_UNKNOWN', `${message} here yet`, {
      hint: `get it: hone models pull ${reference}`,
    })
  }
  if ((await stat(resolve(reference)).catch(() => undefined)) !== undefined) {
    return new HoneError('E_MODEL_UNKNOWN', 'this is not the folder of a model that Hone made or imported', {
      at: { file: reference },
      hint: `take it in: hone models import ${reference}`,
    })
  }
  const here = await idsIn(home)
  const near = closestWord(reference, [...here, ...pullable])
  const hints = [
    near === undefined ? undefined : `did you mean ${near}?`,
    here.length === 0 ? 'No model is here yet.' : `Here: ${here.join(', ')}.`,
    pullable.length === 0 ? undefined : `To pull: ${pullable.join(', ')}, hf:owner/name.`,
  ]
  return new HoneError('E_MODEL_UNKNOWN', message, {
    hint: hints.filter((hint) => hint !== undefined).join(' '),
  })
}

async function idsIn(home: string): Promise<string[]> {
  const folder = modelsFolder(home)
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new HoneError('E_DISK', 'the folder of models cannot be read', {
      at: { file: folder },
      hint: 'name another home with --home or HONE_HOME',
      cause: error,
    })
  })
  return entries
    .filter((entry) => entry.isDirectory() && isModelId(entry.name))
    .map(({ name }) => name)
    .toSorted()
}

async function isModelFolder(folder: string): Promise<boolean> {
  for (const name of ['manifest.json', 'job.json']) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found?.isFile() === true) return true
  }
  return false
}
