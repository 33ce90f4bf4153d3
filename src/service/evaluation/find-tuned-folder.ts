import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { modelsFolder } from '../../lib/home-layout.ts'
import type { DraftJob } from '../train/draft-training.ts'
import { sameJob } from './same-job.ts'

/** The folder of the model that was made of this job before, or whose making was cut off; undefined when there is none. */
export async function findTunedFolder(
  home: string,
  name: string,
  draft: Pick<DraftJob, 'base' | 'text' | 'prepared'>,
): Promise<string | undefined> {
  const models = modelsFolder(home)
  const names = await readdir(models).catch((): string[] => [])
  let folder: string | undefined
  for (const each of names.filter((candidate) => candidate.startsWith(`${name}-`)).toSorted()) {
    if (await sameJob(join(models, each), draft)) folder = join(models, each)
  }
  return folder
}
