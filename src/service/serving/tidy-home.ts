import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { modelsFolder } from '../../lib/home-layout.ts'
import type { FileObjectStore } from '../../store/objects/file-object-store.ts'
import type { ResourceStore } from '../../store/database/resource-store.ts'
import { hasModelWithFiles } from '../model-jobs/model-jobs-service.ts'
import type { ServedModel } from '../tuning/tuning-job.ts'

export interface TidyHome {
  readonly home: string
  readonly objects: FileObjectStore
  readonly models: ResourceStore<ServedModel>
  readonly removeModel: (homeId: string) => Promise<void>
  /** True for a job that is still to be worked on. */
  readonly isOpen: (jobId: string) => Promise<boolean>
}

/**
 * Ends what a server that was killed had begun: removals are gone on with, and what it was writing goes.
 *
 * @param before milliseconds since 1970: what is newer belongs to the server that is running
 */
export async function tidyHome(options: TidyHome, before: number): Promise<void> {
  const { home, objects, models, removeModel } = options
  await objects.sweep(before)
  const jobs = join(home, 'jobs')
  for (const id of await namesIn(jobs)) {
    if ((await isOlder(join(jobs, id), before)) && !(await options.isOpen(id))) await remove(join(jobs, id))
  }
  for (const name of await namesIn(modelsFolder(home))) {
    const path = join(modelsFolder(home), name)
    const isHalfMade = /^\..*\.[0-9a-f]{8}\.tmp$/.test(name) && (await isOlder(path, before))
    if (isHalfMade || /^\..*\.removed$/.test(name)) await remove(path)
  }
  const removed = await models.list({ states: ['removing'], limit: 1000 })
  for (const { id, document } of removed) {
    if (!(await hasModelWithFiles(models, document.homeId))) await removeModel(document.homeId)
    await models.remove(id)
  }
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

const isOlder = async (path: string, time: number): Promise<boolean> =>
  ((await stat(path).catch(() => undefined))?.mtimeMs ?? Infinity) < time

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true })
