import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import type { StepMetrics, ValidationMetrics } from '../../core/training-event.ts'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { readSafetensors, writeSafetensors, type Tensor } from '../weights/safetensors.ts'

/** What a run knows about itself beside its tensors. */
export interface CheckpointState {
  readonly schema: 1
  /** Names the data and settings: a checkpoint of another run is not taken up. */
  readonly fingerprint: string
  /** Optimizer steps done. */
  readonly step: number
  readonly best: Pick<ValidationMetrics, 'step' | 'loss' | 'partLosses'> | null
  readonly validationsSinceBest: number
  /** Spent in training steps. */
  readonly seconds: number
  readonly history: { readonly steps: StepMetrics[]; readonly validations: ValidationMetrics[] }
}

const validation = z.object({
  step: z.int(),
  epoch: z.int(),
  loss: z.number(),
  rewardMargin: z.number().exactOptional(),
  rewardAccuracy: z.number().exactOptional(),
})
const parted = validation.extend({ partLosses: z.array(z.number()).exactOptional() })
const stateSchema: z.ZodType<CheckpointState> = z.object({
  schema: z.literal(1),
  fingerprint: z.string(),
  step: z.int(),
  best: parted.pick({ step: true, loss: true, partLosses: true }).nullable(),
  validationsSinceBest: z.int(),
  seconds: z.number(),
  history: z.object({
    steps: z.array(validation.extend({ learningRate: z.number(), gradientNorm: z.number() })),
    validations: z.array(parted),
  }),
})

/** Everything from which a run goes on to the same result. Tensors are flat. */
export interface Checkpoint {
  readonly state: CheckpointState
  readonly parameters: Float32Array
  readonly firstMoments: Float32Array
  readonly secondMoments: Float32Array
  /** Parameters of the best validation so far, if there was one. */
  readonly bestParameters: Float32Array | undefined
}

const kept = 2
const folderName = (step: number): string => `step-${String(step).padStart(6, '0')}`
const flat = (data: Float32Array): Tensor => ({ shape: [data.length], data })

/** Saves a checkpoint whole or not at all, and removes all but the newest two. */
export async function saveCheckpoint(root: string, checkpoint: Checkpoint): Promise<void> {
  const { state, parameters, firstMoments, secondMoments, bestParameters } = checkpoint
  const name = folderName(state.step)
  const temporary = join(root, `.${name}.tmp`)
  try {
    await rm(temporary, { recursive: true, force: true })
    await mkdir(temporary, { recursive: true })
    const tensors = new Map([
      ['parameters', flat(parameters)],
      ['first_moments', flat(firstMoments)],
      ['second_moments', flat(secondMoments)],
    ])
    if (bestParameters !== undefined) tensors.set('best_parameters', flat(bestParameters))
    await writeSafetensors(join(temporary, 'state.safetensors'), tensors)
    await replaceFileWith(join(temporary, 'state.json'), `${JSON.stringify(state)}\n`)
    await rm(join(root, name), { recursive: true, force: true })
    await rename(temporary, join(root, name))
    for (const old of (await checkpointNames(root)).slice(kept))
      await rm(join(root, old), { recursive: true, force: true })
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
    throw await diskError(error, join(root, name))
  }
}

interface DamagedCheckpoint {
  /** Where it lies now. */
  readonly file: string
  readonly reason: string
}

export interface LoadedCheckpoint {
  /** The newest one that can be read, if there is one. */
  readonly checkpoint: Checkpoint | undefined
  /** Newer ones that cannot be read. */
  readonly damaged: readonly DamagedCheckpoint[]
}

/**
 * The newest checkpoint that can be read. Those that cannot are put aside under another name.
 *
 * @throws HoneError `E_RESUME` when it belongs to other data or settings
 */
export async function loadCheckpoint(root: string, fingerprint: string): Promise<LoadedCheckpoint> {
  const damaged: DamagedCheckpoint[] = []
  for (const name of await checkpointNames(root)) {
    let checkpoint: Checkpoint
    try {
      checkpoint = await readCheckpoint(join(root, name))
    } catch (error) {
      damaged.push({ file: await putAside(root, name), reason: reasonOf(error) })
      continue
    }
    if (checkpoint.state.fingerprint === fingerprint) return { checkpoint, damaged }
    throw new HoneError('E_RESUME', 'the checkpoint belongs to other data or settings', {
      at: { file: join(root, name) },
      hint: 'resume with the data and settings of the first start, or train into another folder',
    })
  }
  return { checkpoint: undefined, damaged }
}

/** It may be all that is left of a long run, so it stays, as a name that is neither taken up nor cleaned away. */
async function putAside(root: string, name: string): Promise<string> {
  const taken = new Set(await readdir(root))
  let aside = `damaged-${name}`
  for (let number = 2; taken.has(aside); number++) aside = `damaged-${name}-${number}`
  const file = join(root, aside)
  try {
    await rename(join(root, name), file)
  } catch (error) {
    throw await diskError(error, join(root, name))
  }
  return file
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `state.json: ${error.issues[0]?.message ?? 'not what is expected'}`
  return error instanceof Error ? error.message : String(error)
}

async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const state = stateSchema.parse(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')))
  const { tensors } = await readSafetensors(join(folder, 'state.safetensors'))
  const read = (name: string): Float32Array => {
    const tensor = tensors.get(name)
    if (tensor === undefined) throw new Error(`no ${name}`)
    return tensor.data
  }
  return {
    state,
    parameters: read('parameters'),
    firstMoments: read('first_moments'),
    secondMoments: read('second_moments'),
    bestParameters: tensors.get('best_parameters')?.data,
  }
}

/** Newest first. */
async function checkpointNames(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => [])
  return names
    .filter((name) => /^step-\d+$/.test(name))
    .toSorted((left, right) => right.localeCompare(left, 'en', { numeric: true }))
}
