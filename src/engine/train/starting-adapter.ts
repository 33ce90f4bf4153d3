import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { TrainingJob, TrainingStart } from '../../core/training-job.ts'
import { diskError } from '../../lib/disk-error.ts'
import { initializeAdapter, topLayers, type Adapter } from '../adapter/adapter.ts'
import { adapterFiles, readAdapter } from '../adapter/adapter-files.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'

const startFolder = 'start'

/** Copies the adapter that a job starts from into its folder, so that it can be resumed whatever becomes of the model. */
export async function writeStartingAdapter(jobFolder: string, adapterFolder: string): Promise<void> {
  const folder = join(jobFolder, startFolder)
  try {
    await mkdir(folder, { recursive: true })
    for (const name of adapterFiles) await copyFile(join(adapterFolder, name), join(folder, name))
  } catch (error) {
    throw await diskError(error, folder)
  }
}

/** SHA-256 of an adapter's weight file. */
export async function adapterHash(adapterFolder: string): Promise<string> {
  const file = join(adapterFolder, adapterFiles[1])
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new HoneError('E_MODEL_FILE', "the adapter's weights cannot be read", { at: { file }, cause })
  })
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Where a job's training starts: a fresh adapter, or the copy of the one that it continues.
 *
 * @throws HoneError `E_RESUME` when the copy is not what it was
 */
export async function startingAdapter(
  jobFolder: string,
  { settings, start }: Pick<TrainingJob, 'settings' | 'start'>,
  architecture: Architecture,
  config: ModelConfig,
): Promise<Adapter> {
  if (start === null) {
    const { rank, alpha, scaling, targets, layers, seed } = settings
    const adapterConfig = {
      rank,
      alpha,
      targetModules: targets,
      ...(scaling === 'standard' ? {} : { scaling }),
      ...topLayers(layers, config),
    }
    return initializeAdapter(architecture, config, adapterConfig, seed)
  }
  const folder = join(jobFolder, startFolder)
  await refuseChanged(folder, start)
  return readAdapter(folder, architecture, config)
}

async function refuseChanged(folder: string, { model, weights }: TrainingStart): Promise<void> {
  const found = await adapterHash(folder).catch(() => undefined)
  if (found === weights) return
  throw new HoneError(
    'E_RESUME',
    `the copy of the adapter of ${model} is ${found === undefined ? 'missing' : 'not what it was'}`,
    { at: { file: folder }, hint: 'start a new job' },
  )
}
