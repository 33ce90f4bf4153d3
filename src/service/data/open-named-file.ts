import { findDatasetFile, type DatasetPlace } from '../../store/datasets.ts'
import { recordLook, sealedFiles } from '../../store/seals.ts'
import { contentOf } from './content-of.ts'
import type { DataOptions } from './data-event.ts'

/**
 * Finds the file that a path or the name of a dataset version means. A sealed test split may be read; that is written down
 * and told.
 *
 * @param command that reads, for the record of looks
 * @throws HoneError `E_DATA` for a dataset that is not there, `E_DISK` where the look cannot be written down
 */
export async function openNamedFile(
  home: string,
  reference: string,
  command: string,
  options: DataOptions,
): Promise<DatasetPlace & { readonly looks: number | null }> {
  const place = await findDatasetFile(home, reference)
  const sealed = await sealedFiles(home)
  // To hash a file takes time, which nobody needs to wait who has no sealed split.
  if (sealed.size > 0) {
    const sha256 = (await contentOf(place.file, options)) ?? ''
    return { ...place, looks: await noteLook(home, sealed.get(sha256), reference, command, options) }
  }
  return { ...place, looks: null }
}

/**
 * Writes down that a sealed test split is read, and tells it.
 *
 * @param examples hash of the split's examples; undefined for a file that is not sealed
 * @returns how often it was looked at by now
 */
export async function noteLook(
  home: string,
  examples: string | undefined,
  reference: string,
  command: string,
  { onEvent }: DataOptions,
): Promise<number | null> {
  if (examples === undefined) return null
  const looks = await recordLook(home, examples, { command, purpose: `read ${reference}` })
  onEvent?.({ type: 'look', file: reference, looks })
  return looks
}

/** The outcome of reading a file, and how often that was done by now where it is a sealed test split. */
export type Looked<Outcome> = Outcome & { readonly looks: number | null }

/** Runs a command on the file that is meant; the outcome names it as the user does. */
export async function onNamedFile<
  Request extends { readonly file: string },
  Outcome extends { readonly file: string },
>(
  home: string,
  command: string,
  request: Request,
  options: DataOptions,
  run: (request: Request) => Promise<Outcome>,
): Promise<Looked<Outcome>> {
  const { file, looks } = await openNamedFile(home, request.file, command, options)
  return { ...(await run({ ...request, file })), file: request.file, looks }
}
