import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { ObjectStore } from '../../store/objects/object-store.ts'

/** Bucket and key of an `s3://` URI. */
export interface ObjectUri {
  readonly bucket: string
  readonly key: string
}

/** @throws HoneError `E_USAGE` */
export function parseObjectUri(uri: string): ObjectUri {
  const found = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri)
  if (found === null) throw new HoneError('E_USAGE', `"${uri.slice(0, 100)}" is no s3:// address`)
  return { bucket: found[1] ?? '', key: found[2] ?? '' }
}

/** `PREFIX/name`, whatever the prefix ends with. */
export const below = ({ bucket, key }: ObjectUri, name: string): ObjectUri => ({
  bucket,
  key: key === '' ? name : `${key.replace(/\/+$/, '')}/${name}`,
})

/**
 * Puts a job's metrics where clients of Bedrock look for them.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-analyze.html
 */
export async function writeTuningOutputs(
  store: ObjectStore,
  output: string,
  jobId: string,
  jobFolder: string,
): Promise<void> {
  const root = below(parseObjectUri(output), `model-customization-job-${jobId}`)
  const contentType = 'text/csv'
  const steps = below(root, 'training_artifacts/step_wise_training_metrics.csv')
  const metrics = await readFile(join(jobFolder, 'step_wise_training_metrics.csv'), 'utf8')
  await store.put(steps.bucket, steps.key, chunks(Buffer.from(countedFromZero(metrics))), { contentType })
  const validation = await readFile(join(jobFolder, 'validation_metrics.csv')).catch(() => undefined)
  if (validation === undefined) return
  // The user guide names the first place, AWS's own samples read the second.
  for (const folder of ['', 'validation/']) {
    const place = below(
      root,
      `validation_artifacts/post_fine_tuning_validation/${folder}validation_metrics.csv`,
    )
    await store.put(place.bucket, place.key, chunks(validation), { contentType })
  }
}

/** Bedrock counts a job's steps from 0. */
function countedFromZero(csv: string): string {
  return csv.replaceAll(/^(\d+),/gm, (_, step: string) => `${Number(step) - 1},`)
}

export async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const probe = '.write_access_check_file.tmp'

/** Proves before any work is done that the output can be written. @throws the store's error */
export async function requireWritable(store: ObjectStore, output: string): Promise<void> {
  const place = below(parseObjectUri(output), probe)
  await store.put(place.bucket, place.key, chunks(Buffer.from('')), {})
  await store.remove(place.bucket, place.key)
}
