import { HoneError } from '../../core/errors.ts'
import type { DatasetSize } from '../../engine/train/plan-training.ts'
import type { BaseFolder } from '../../engine/weights/base-folder.ts'

export interface EstimatedRun {
  readonly epochs: number
  readonly batchSize: number
  /** On this machine, by how fast it multiplies matrices; null where the runtime cannot be loaded. */
  readonly seconds: number | null
}

/** What training would take with the settings that Hone chooses for a dataset of this size. */
export async function estimateRun(
  { architecture, config }: BaseFolder,
  size: DatasetSize,
  settings: { readonly epochs?: number | undefined; readonly threads?: number | undefined },
): Promise<EstimatedRun | null> {
  const { epochs, threads } = settings
  try {
    // These load the runtime's native library; tokens can be counted without it.
    const [{ planTraining }, { estimateSeconds }] = await Promise.all([
      import('../../engine/train/plan-training.ts'),
      import('../train/estimate-seconds.ts'),
    ])
    const plan = planTraining(architecture, config, size, epochs === undefined ? {} : { epochs })
    return {
      epochs: plan.settings.epochs,
      batchSize: plan.settings.batchSize,
      seconds: await estimateSeconds(plan, threads),
    }
  } catch (error) {
    if (HoneError.isInstance(error) && error.code === 'E_INTERNAL') throw error
    return null
  }
}
