import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TunedManifest } from '../../core/training-job.ts'
import { adapterFiles } from '../../engine/adapter/adapter-files.ts'
import { listEpochAdapters, type EpochAdapter } from '../../engine/train/epoch-adapters.ts'
import { manifestFile, readJob } from '../../engine/train/job-files.ts'
import { diskError } from '../../lib/disk-error.ts'
import { modelFolder, modelsFolder } from '../../lib/home-layout.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { NameTaken, type Resource, type ResourceStore } from '../../store/database/resource-store.ts'
import { homeModelId, type TuningJob } from './tuning-job.ts'
import { resourceId } from './tuning-service.ts'

/** A job's model as it was at the end of an epoch. */
export interface CheckpointDocument {
  /** Id of the model in the home. */
  readonly homeId: string
  readonly localBase: string
  readonly step: number
  readonly epoch: number
  readonly loss: number
  readonly validationLoss: number | null
}

/** Its parent is the job. */
export type TunedCheckpoint = Resource<CheckpointDocument>

/** Epochs of a job whose models stay. */
export const keptEpochs = 3

/** Models of the last epochs of jobs: each can answer, whatever becomes of its job. */
export class TunedCheckpoints {
  readonly #home: string
  readonly #store: ResourceStore<CheckpointDocument>
  readonly #removeModel: (homeId: string) => Promise<void>

  constructor(options: {
    readonly home: string
    readonly store: ResourceStore<CheckpointDocument>
    readonly removeModel: (homeId: string) => Promise<void>
  }) {
    this.#home = options.home
    this.#store = options.store
    this.#removeModel = options.removeModel
  }

  /**
   * Makes models of the epochs that the job has come to, and removes those that are too old.
   *
   * @returns those that are new, oldest first
   */
  async publish(job: Pick<TuningJob, 'id' | 'spec'>): Promise<CheckpointDocument[]> {
    const jobFolder = modelFolder(this.#home, homeModelId(job.spec))
    const made: CheckpointDocument[] = []
    for (const epoch of await listEpochAdapters(jobFolder)) {
      const name = nameOf(job.id, epoch.step)
      if ((await this.#store.findByName(name)) !== undefined) continue
      const homeId = `${homeModelId(job.spec)}-step-${epoch.step}`
      await this.#writeModel(jobFolder, epoch, homeId)
      const { step, epoch: number, loss, validationLoss } = epoch
      const { localBase } = job.spec
      const document = { homeId, localBase, step, epoch: number, loss, validationLoss }
      try {
        await this.#store.add({ id: resourceId(), name, state: 'active', parent: job.id, document })
      } catch (error) {
        // A worker that has lost the job may have been a moment earlier.
        if (!(error instanceof NameTaken)) throw error
      }
      made.push(document)
    }
    const all = await this.list(job.id)
    const bySteps = all.toSorted((a, b) => b.document.step - a.document.step)
    for (const old of bySteps.slice(keptEpochs)) await this.remove(old)
    return made
  }

  /** Those of a job, newest first. */
  async list(jobId: string): Promise<TunedCheckpoint[]> {
    const found = await this.#store.list({ parent: jobId, limit: 100 })
    return found.toSorted((a, b) => b.document.step - a.document.step)
  }

  find(jobId: string, step: number): Promise<TunedCheckpoint | undefined> {
    return this.#store.findRecent('name', nameOf(jobId, step))
  }

  async remove({ id, document }: TunedCheckpoint): Promise<void> {
    await this.#removeModel(document.homeId)
    await this.#store.remove(id)
  }

  async removeAll(jobId: string): Promise<void> {
    for (const checkpoint of await this.list(jobId)) await this.remove(checkpoint)
  }

  /** The folder is a model from the moment that it has its name. */
  async #writeModel(jobFolder: string, epoch: EpochAdapter, homeId: string): Promise<void> {
    const folder = modelFolder(this.#home, homeId)
    const making = join(modelsFolder(this.#home), `.${homeId}.removed`)
    const { kind: _, ...job } = await readJob(jobFolder)
    const manifest: TunedManifest = {
      ...job,
      id: homeId,
      kind: 'tuned',
      adapter: 'adapter',
      bestStep: epoch.step,
      stepsDone: epoch.step,
      metrics: { firstLoss: null, lastLoss: epoch.loss, bestValidationLoss: epoch.validationLoss },
      trainingSeconds: 0,
      createdAt: new Date().toISOString(),
    }
    try {
      await rm(making, { recursive: true, force: true })
      await mkdir(join(making, 'adapter'), { recursive: true })
      for (const file of adapterFiles) {
        await copyFile(join(epoch.folder, file), join(making, 'adapter', file))
      }
      await replaceFileWith(join(making, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`)
      await rm(folder, { recursive: true, force: true })
      await rename(making, folder)
    } catch (error) {
      throw await diskError(error, folder)
    }
  }
}

const nameOf = (jobId: string, step: number): string => `${jobId} ${step}`
