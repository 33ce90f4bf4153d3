import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { ImportedManifest } from '../../core/training-job.ts'
import { toModelId } from '../../lib/home-layout.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { sha256OfFile } from '../../lib/sha256-of-file.ts'
import { readBaseFolder } from '../weights/base-folder.ts'
import { placeModel, type PlaceModelOptions } from '../weights/place-model.ts'
import { adapterConfigFile, adapterWeightsFile, readAdapter, writeAdapter } from './adapter-files.ts'
import { parametersOf } from './adapter.ts'

export interface ImportAdapterOptions extends Omit<PlaceModelOptions, 'id'> {
  /** Folder of the base that it belongs to. */
  readonly base: string
  /** Default: made from the name of the folder. */
  readonly id?: string | undefined
}

/** True for a folder with an adapter of PEFT. */
export async function isAdapterFolder(folder: string): Promise<boolean> {
  const found = await stat(join(folder, adapterConfigFile)).catch(() => undefined)
  return found?.isFile() === true
}

/**
 * Takes an adapter of PEFT into the home as a tuned model of a base that is there. It is checked against the base before
 * anything is written; its matrices are kept in fp32.
 *
 * @throws HoneError `E_MODEL_FILE` or `E_MODEL_UNSUPPORTED` for an adapter that cannot be used on this base, `E_EXISTS`,
 *   `E_USAGE` for an id that cannot be one, `E_DISK`
 */
export async function importAdapter(
  source: string,
  options: ImportAdapterOptions,
): Promise<{ readonly folder: string; readonly manifest: ImportedManifest }> {
  const name = basename(resolve(source))
  const id = options.id ?? toModelId(name)
  if (id === undefined) {
    throw new HoneError('E_USAGE', `no id can be made from "${name}"`, { hint: 'give one with --id' })
  }
  const base = await readBaseFolder(options.base)
  const adapter = await readAdapter(source, base.architecture, base.config)
  const trainedOn = await baseNamedBy(source)
  const sha256 = await sha256OfFile(join(source, adapterWeightsFile))
  const manifest: ImportedManifest = {
    schema: 1,
    kind: 'tuned',
    id,
    base: { id: base.manifest.id, folder: options.base, weights: base.weightsKey },
    adapter: 'adapter',
    imported: { from: resolve(source), sha256, trainedOn },
    systemPrompt: null,
    stepsDone: 0,
    bestStep: 0,
    metrics: { bestValidationLoss: null },
    createdAt: new Date().toISOString(),
  }
  const folder = await placeModel({ ...options, id }, async (staging, place) => {
    await writeAdapter(join(staging, manifest.adapter), adapter, base.manifest.id)
    await replaceFileWith(join(staging, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
    return place
  })
  options.onEvent?.({
    type: 'model-ready',
    id,
    folder,
    bytes: parametersOf(adapter).byteLength,
    licence: base.manifest.licence,
    from: manifest.imported.from,
    reused: false,
  })
  return { folder, manifest }
}

async function baseNamedBy(folder: string): Promise<string | null> {
  const json = await readJsonFile(join(folder, adapterConfigFile), 'E_MODEL_FILE')
  const name =
    typeof json === 'object' && json !== null && 'base_model_name_or_path' in json
      ? json.base_model_name_or_path
      : undefined
  return typeof name === 'string' && name !== '' ? name : null
}
