import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../core/errors.ts'
import { closestWord } from '../lib/closest-word.ts'
import { diskError } from '../lib/disk-error.ts'
import { isModelId, modelFolder, modelsFolder } from '../lib/home-layout.ts'
import { readJsonFile } from '../lib/read-json-file.ts'

/** What every model's manifest.json has; the rest depends on the kind and stays as it is. */
export interface ModelManifest {
  readonly schema: number
  readonly kind: 'base' | 'tuned'
  readonly id: string
  /** Id of the base that a tuned model belongs to. */
  readonly base?: string | undefined
  readonly licence?: string | null | undefined
  /** ISO 8601. */
  readonly createdAt?: string | undefined
  readonly [field: string]: unknown
}

const modelManifest: z.ZodType<ModelManifest> = z.looseObject({
  schema: z.int(),
  kind: z.enum(['base', 'tuned']),
  id: z.string(),
  base: z.string().optional(),
  licence: z.string().nullish(),
  createdAt: z.string().optional(),
})

export interface StoredModel {
  readonly id: string
  readonly folder: string
  readonly manifest: ModelManifest
}

export interface ListedModel extends StoredModel {
  /** Size of all files in the folder. */
  readonly bytes: number
}

export interface ModelList {
  /** By id. */
  readonly models: readonly ListedModel[]
  /** Folders among the models whose manifest cannot be read, with the reason. */
  readonly unreadable: readonly { readonly folder: string; readonly reason: string }[]
}

/** Every model in the home, base and tuned. A home that is not there has none. */
export async function listModels(home: string): Promise<ModelList> {
  const models: ListedModel[] = []
  const unreadable: { folder: string; reason: string }[] = []
  for (const id of await idsIn(home)) {
    const folder = modelFolder(home, id)
    try {
      const manifest = await readManifest(folder)
      models.push({ id, folder, manifest, bytes: await bytesIn(folder) })
    } catch (error) {
      if (!HoneError.isInstance(error)) throw error
      unreadable.push({ folder, reason: error.message })
    }
  }
  return { models, unreadable }
}

/**
 * The model that a user means: an id in the home, or the path of a folder with a manifest.json.
 *
 * @param pullable ids that could be pulled, named in the error
 * @throws HoneError `E_MODEL_UNKNOWN` with near names; `E_MODEL_FILE` for a manifest that cannot be read
 */
export async function findModel(
  home: string,
  reference: string,
  pullable: readonly string[] = [],
): Promise<StoredModel> {
  const isId = isModelId(reference)
  if (isId && (await isFolder(modelFolder(home, reference)))) {
    const folder = modelFolder(home, reference)
    return { id: reference, folder, manifest: await readManifest(folder) }
  }
  const folder = resolve(reference)
  if (await isFolder(folder)) {
    const manifest = await readManifest(folder)
    return { id: isModelId(manifest.id) ? manifest.id : basename(folder), folder, manifest }
  }
  throw await unknownModel(home, reference, pullable)
}

export interface RemoveModelOptions {
  /** Remove a base although tuned models need it. Default false. */
  readonly force?: boolean
}

/**
 * Removes a model from the home; it is out of sight at once, even if deleting its files is interrupted.
 *
 * @throws HoneError `E_MODEL_UNKNOWN`; `E_EXISTS` for a base that tuned models in the home belong to
 */
export async function removeModel(
  home: string,
  id: string,
  options: RemoveModelOptions = {},
): Promise<{ readonly bytes: number }> {
  const folder = modelFolder(home, id)
  if (!(await isFolder(folder))) throw await unknownModel(home, id, [])
  if (options.force !== true) await refuseNeeded(home, id)
  const bytes = await bytesIn(folder)
  const hidden = join(modelsFolder(home), `.${id}.removed`)
  try {
    await rm(hidden, { recursive: true, force: true })
    await rename(folder, hidden)
    await rm(hidden, { recursive: true, force: true })
  } catch (error) {
    throw await diskError(error, folder)
  }
  return { bytes }
}

async function refuseNeeded(home: string, id: string): Promise<void> {
  const { models } = await listModels(home)
  const dependents = models.filter(({ manifest }) => manifest.kind === 'tuned' && manifest.base === id)
  if (dependents.length === 0) return
  const names = dependents.map((model) => model.id)
  throw new HoneError('E_EXISTS', `${names.length} tuned models need "${id}": ${names.join(', ')}`, {
    hint: `remove them first, or remove it anyway: hone models remove ${id} --force`,
  })
}

async function unknownModel(
  home: string,
  reference: string,
  pullable: readonly string[],
): Promise<HoneError> {
  const here = await idsIn(home)
  const near = closestWord(reference, [...here, ...pullable])
  const hints = [
    near === undefined ? undefined : `did you mean ${near}?`,
    here.length === 0 ? 'No model is here yet.' : `Here: ${here.join(', ')}.`,
    pullable.length === 0 ? undefined : `To pull: ${pullable.join(', ')}, hf:owner/name.`,
  ]
  return new HoneError('E_MODEL_UNKNOWN', `there is no model "${reference}"`, {
    hint: hints.filter((hint) => hint !== undefined).join(' '),
  })
}

async function readManifest(folder: string): Promise<ModelManifest> {
  const file = join(folder, 'manifest.json')
  const json = await readJsonFile(file, 'E_MODEL_FILE')
  if (json === undefined)
    throw new HoneError('E_MODEL_FILE', 'the folder has no manifest.json', { at: { file: folder } })
  const parsed = modelManifest.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HoneError('E_MODEL_FILE', `not the manifest of a model: ${issue?.message ?? 'unreadable'}`, {
    at: { file, pointer: `/${issue?.path.join('/') ?? ''}` },
  })
}

async function idsIn(home: string): Promise<string[]> {
  if (!(await isFolder(modelsFolder(home)))) return []
  const entries = await readdir(modelsFolder(home), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && isModelId(entry.name))
    .map((entry) => entry.name)
    .toSorted()
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}
