import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { baseManifest, type BaseManifest } from '../../core/base-manifest.ts'
import { HoneError } from '../../core/errors.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import type { Architecture, ModelConfig, TensorSpec } from '../arch/architecture.ts'
import { findArchitecture } from '../arch/registry.ts'
import { architectureName } from './hugging-face-model.ts'
import { openWeights } from './open-weights.ts'
import type { WeightSource } from './weight-source.ts'

/** A base model in its folder, ready to be opened. */
export interface BaseFolder {
  readonly folder: string
  readonly manifest: BaseManifest
  readonly architecture: Architecture
  readonly config: ModelConfig
  readonly specs: readonly TensorSpec[]
  /** Hash of the weights files and of what decides how they are read, for `cachedWeights`; no file is hashed for it. */
  readonly weightsKey: string
  openWeights(): Promise<WeightSource>
}

/**
 * Reads manifest.json and config.json of a base model's folder; the weights stay closed.
 *
 * @throws HoneError `E_MODEL_FILE` or `E_MODEL_UNSUPPORTED`
 */
export async function readBaseFolder(folder: string): Promise<BaseFolder> {
  const manifest = await readBaseManifest(folder)
  const configFile = join(folder, 'config.json')
  const json = await readJsonFile(configFile, 'E_MODEL_FILE')
  if (typeof json !== 'object' || json === null) {
    throw new HoneError('E_MODEL_FILE', 'config.json is missing or not an object', {
      at: { file: configFile },
    })
  }
  const configJson: Readonly<Record<string, unknown>> = { ...json }
  const architecture = findArchitecture(architectureName(configJson, folder))
  const config = architecture.config(configJson)
  const specs = architecture.tensors(config)
  const files = manifest.weights.map(({ name }) => join(folder, name))
  return {
    folder,
    manifest,
    architecture,
    config,
    specs,
    weightsKey: keyOf(manifest, config),
    openWeights: () => openWeights(files, architecture, config, specs),
  }
}

/** @throws HoneError `E_MODEL_FILE` for a folder without the manifest of a base */
export async function readBaseManifest(folder: string): Promise<BaseManifest> {
  const file = join(folder, 'manifest.json')
  const json = await readJsonFile(file, 'E_MODEL_FILE')
  const parsed = baseManifest.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HoneError('E_MODEL_FILE', `not the manifest of a base model: ${issue?.message ?? 'unreadable'}`, {
    at: { file, pointer: `/${issue?.path.join('/') ?? ''}` },
    hint: 'remove the model and pull or import it again',
  })
}

function keyOf(manifest: BaseManifest, config: ModelConfig): string {
  const content = [manifest.weights.map(({ sha256 }) => sha256), config]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
}
