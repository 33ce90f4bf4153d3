import { open, rename, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import type { BaseManifest, ModelFile, ModelOrigin } from '../../core/base-manifest.ts'
import { HoneError } from '../../core/errors.ts'
import { copyFileWithDigest } from '../../lib/copy-file.ts'
import { toModelId } from '../../lib/home-layout.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { readGgufModel } from './gguf-model.ts'
import { readHuggingFaceModel } from './hugging-face-model.ts'
import type { OnModelEvent } from './model-events.ts'
import type { ModelParts } from './model-parts.ts'
import { placeModel } from './place-model.ts'

export interface ImportModelOptions {
  readonly home: string
  /** Default: made from the name of the folder or file. */
  readonly id?: string | undefined
  /** Replace a model of the same id. Default false. */
  readonly replace?: boolean | undefined
  /** Default: what the source itself says. */
  readonly licence?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: OnModelEvent | undefined
  /** Set by a pull: the origin to write down, and files in the home that may be moved instead of copied. */
  readonly pulled?: { readonly origin: ModelOrigin } | undefined
}

export interface ImportedModel {
  readonly folder: string
  readonly manifest: BaseManifest
}

/**
 * Takes a base model from disk into the home: a Hugging Face folder, or a GGUF file with its own tokenizer and chat
 * template. Everything is checked before anything is written, and the model's folder appears whole or not at all.
 *
 * @throws HoneError `E_MODEL_FILE`, `E_MODEL_UNSUPPORTED` or `E_TEMPLATE` for a source that cannot be used, `E_EXISTS`,
 *   `E_USAGE` for an id that cannot be one, `E_DISK`
 */
export async function importModel(source: string, options: ImportModelOptions): Promise<ImportedModel> {
  const parts = await readParts(source)
  const id = options.id ?? toModelId(parts.name)
  if (id === undefined) {
    throw new HoneError('E_USAGE', `no id can be made from "${parts.name}"`, { hint: 'give one with --id' })
  }
  const imported = await placeModel({ ...options, id }, async (staging, folder) => ({
    folder,
    manifest: await fill(staging, parts, id, source, options),
  }))
  const { folder, manifest } = imported
  options.onEvent?.({
    type: 'model-ready',
    id,
    folder,
    bytes: manifest.weights.reduce((sum, { bytes }) => sum + bytes, 0),
    licence: manifest.licence,
    from: manifest.source.name,
    reused: false,
  })
  return imported
}

async function readParts(source: string): Promise<ModelParts> {
  const found = await stat(source).catch(() => undefined)
  if (found?.isDirectory()) return readHuggingFaceModel(source)
  if (found !== undefined && extname(source).toLowerCase() === '.gguf') return readGgufModel(source)
  const why = found === undefined ? 'there is no such file or folder' : 'neither a folder nor a .gguf file'
  throw new HoneError('E_MODEL_FILE', why, {
    at: { file: source },
    hint: 'give a Hugging Face folder (config.json, safetensors, tokenizer.json) or a GGUF file',
  })
}

async function fill(
  staging: string,
  parts: ModelParts,
  id: string,
  source: string,
  options: ImportModelOptions,
): Promise<BaseManifest> {
  const weights: ModelFile[] = []
  for (const path of parts.weights) {
    const name = extname(path).toLowerCase() === '.gguf' ? 'model.gguf' : basename(path)
    const copied = await takeFile(path, join(staging, name), options)
    weights.push({ name, ...copied })
  }
  for (const [name, text] of Object.entries(parts.texts)) await replaceFileWith(join(staging, name), text)
  const manifest: BaseManifest = {
    schema: 1,
    kind: 'base',
    id,
    architecture: parts.architecture.name,
    parameters: parts.specs.reduce(
      (sum, { shape }) => sum + shape.reduce((product, each) => product * each, 1),
      0,
    ),
    contextLength: parts.config.contextLength,
    licence: options.licence ?? parts.licence,
    source: options.pulled?.origin ?? originOf(source, parts, weights),
    weights,
    createdAt: new Date().toISOString(),
  }
  await replaceFileWith(join(staging, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  return manifest
}

function originOf(source: string, parts: ModelParts, weights: readonly ModelFile[]): ModelOrigin {
  const files = weights.map((file, index) => ({ ...file, name: basename(parts.weights[index] ?? file.name) }))
  return { kind: extname(source).toLowerCase() === '.gguf' ? 'file' : 'folder', name: resolve(source), files }
}

/** Copies a file that belongs to the user; moves one that was pulled, whose digest is known. */
async function takeFile(
  from: string,
  to: string,
  options: ImportModelOptions,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { signal, onEvent, pulled } = options
  const known = pulled?.origin.files.find(({ name }) => basename(name) === basename(from))
  if (known !== undefined) {
    await syncFile(from)
    await rename(from, to)
    return { bytes: known.bytes, sha256: known.sha256 }
  }
  const { size } = await stat(from)
  return copyFileWithDigest(from, to, {
    signal,
    expectedBytes: size,
    onProgress: (done) =>
      onEvent?.({ type: 'progressed', phase: 'copy', file: basename(from), done, total: size }),
  })
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
