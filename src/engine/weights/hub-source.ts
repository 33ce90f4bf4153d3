import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelOrigin } from '../../core/base-manifest.ts'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { findArchitecture } from '../arch/registry.ts'
import { downloadFile } from './download-file.ts'
import type { HubClient } from './hub-client.ts'
import { architectureName } from './hugging-face-model.ts'
import type { OnModelEvent } from './model-events.ts'

export interface WantedFile {
  readonly name: string
  readonly bytes?: number | undefined
  readonly sha256?: string | undefined
  readonly gitBlob?: string | undefined
}

export interface HubModel {
  readonly repository: string
  readonly revision: string
  readonly files: readonly WantedFile[]
}

export interface FetchOptions {
  /** Kept between attempts, so that a later one goes on where this one was stopped. */
  readonly folder: string
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: OnModelEvent | undefined
  readonly retryMilliseconds?: number | undefined
}

/** What was fetched: a path that `importModel` takes, and where it came from. */
export interface FetchedModel {
  readonly path: string
  readonly origin: ModelOrigin
}

/**
 * Downloads the files of a model from a hub, config.json first: a model that the engine cannot compute is refused before
 * its weights are fetched.
 *
 * @throws HoneError `E_DOWNLOAD`, `E_CHECKSUM`, `E_DISK`, `E_MODEL_FILE` or `E_MODEL_UNSUPPORTED`
 */
export async function fetchFromHub(
  client: HubClient,
  model: HubModel,
  options: FetchOptions,
): Promise<FetchedModel> {
  const { folder, signal, onEvent } = options
  const name = `${model.repository}@${model.revision}`
  await makeFolder(folder)
  const inOrder = model.files.toSorted((left, right) => Number(isConfig(right)) - Number(isConfig(left)))
  const sizes = inOrder.map(({ bytes }) => bytes)
  const total = sizes.every((bytes) => bytes !== undefined)
    ? sizes.reduce((sum, bytes) => sum + bytes, 0)
    : undefined
  const files = []
  for (const [index, file] of inOrder.entries()) {
    const fetched = await downloadFile(client, {
      path: `/${model.repository}/resolve/${model.revision}/${file.name}`,
      what: `${model.repository} ${file.name}`,
      to: join(folder, file.name),
      bytes: file.bytes,
      sha256: file.sha256,
      gitBlob: file.gitBlob,
      signal,
      retryMilliseconds: options.retryMilliseconds,
      onProgress: (done, bytes) =>
        onEvent?.({ type: 'progressed', phase: 'download', file: file.name, done, total: bytes }),
      onRetry: (done, reason) => onEvent?.({ type: 'download-retried', file: file.name, done, reason }),
      onVerify: (bytes) => onEvent?.({ type: 'verify-started', file: file.name, bytes }),
    })
    files.push({ name: file.name, ...fetched })
    if (index === 0) onEvent?.({ type: 'source-chosen', source: name, bytes: total })
    if (isConfig(file)) await refuseUnsupported(join(folder, file.name), folder)
  }
  return { path: folder, origin: { kind: 'hub', name, files } }
}

const isConfig = (file: WantedFile): boolean => file.name === 'config.json'

async function refuseUnsupported(file: string, folder: string): Promise<void> {
  const json = await readJsonFile(file, 'E_MODEL_FILE')
  if (typeof json !== 'object' || json === null) {
    throw new HoneError('E_MODEL_FILE', 'not a JSON object', { at: { file } })
  }
  findArchitecture(architectureName({ ...json }, folder)).config({ ...json })
}

export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw await diskError(error, folder)
  }
}
