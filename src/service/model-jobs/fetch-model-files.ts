import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { ObjectStoreError, type ObjectHead, type ObjectStore } from '../../store/objects/object-store.ts'
import { parseObjectUri } from '../tuning/tuning-outputs.ts'

/** A model has some shards and a few texts; a folder of more is something else. */
const mostFiles = 1000

/** Files that models consist of, under names that every file system takes. */
const modelFile = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,120}\.(json|safetensors|jinja|model|md|txt)$/

/**
 * Fetches a model's files into a folder: those that lie right below the URI, or the one GGUF file that it names.
 *
 * @returns what is to be imported: the folder, or the file in it
 * @throws HoneError `E_MODEL_FILE` where there are none or they cannot be read, `E_DISK`; `signal.reason`
 */
export async function fetchModelFiles(
  objects: ObjectStore,
  uri: string,
  folder: string,
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void },
): Promise<string> {
  const { bucket, key } = parseObjectUri(uri)
  await mkdir(folder, { recursive: true })
  let bytes = 0
  async function* counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.length
      onBytes(bytes)
      yield chunk
    }
  }
  const fetchOne = async (object: string, file: string): Promise<void> => {
    const { body } = await objects.get(bucket, object)
    try {
      await pipeline(body, counted, createWriteStream(file, { flags: 'wx' }), { signal })
    } catch (error) {
      throw error instanceof Error && 'syscall' in error ? await diskError(error, file, bytes) : error
    }
  }
  try {
    if (key.toLowerCase().endsWith('.gguf')) {
      const file = join(folder, 'model.gguf')
      await fetchOne(key, file)
      return file
    }
    const prefix = key === '' || key.endsWith('/') ? key : `${key}/`
    const files = await filesBelow(objects, bucket, prefix, uri)
    for (const object of files) await fetchOne(object.key, join(folder, object.key.slice(prefix.length)))
    return folder
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    throw new HoneError(
      'E_MODEL_FILE',
      `Could not validate GetObject permissions to access Amazon S3 bucket: ${bucket} at key ${key}`,
      { at: { file: uri }, hint: error.message, cause: error },
    )
  }
}

async function filesBelow(
  objects: ObjectStore,
  bucket: string,
  prefix: string,
  uri: string,
): Promise<ObjectHead[]> {
  const found: ObjectHead[] = []
  for (let after: string | undefined; ;) {
    const page = await objects.list(bucket, {
      prefix,
      delimiter: '/',
      limit: 1000,
      ...(after === undefined ? {} : { after }),
    })
    found.push(...page.objects.filter(({ key }) => modelFile.test(key.slice(prefix.length))))
    if (found.length > mostFiles) {
      throw new HoneError('E_MODEL_FILE', `there are more than ${mostFiles} files below ${uri}`, {
        hint: 'name the folder of one model',
      })
    }
    if (page.next === undefined) break
    after = page.next
  }
  if (found.length > 0) return found
  throw new HoneError('E_MODEL_FILE', `there is no model below ${uri}`, {
    hint: 'name a folder with config.json, tokenizer.json, tokenizer_config.json and safetensors files',
  })
}
