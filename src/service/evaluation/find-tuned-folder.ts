import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { modelsFolder } from '../../lib/home-layout.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { namedModel } from '../models/named-model.ts'
import type { DraftJob } from '../train/draft-training.ts'
import type { AskedModel } from './open-task.ts'
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

/** The model that was made of this job before; undefined where there is none, or its making was cut off. */
export async function findTuned(
  home: string,
  name: string,
  draft: Pick<DraftJob, 'base' | 'text' | 'prepared'>,
): Promise<AskedModel | undefined> {
  const folder = await findTunedFolder(home, name, draft)
  const manifest =
    folder === undefined ? undefined : await readJsonFile(join(folder, 'manifest.json'), 'E_MODEL_FILE')
  if (folder === undefined || manifest === undefined) return undefined
  const { id } = manifest as { readonly id: string }
  return { id, ...(await namedModel(home, folder)) }
}
