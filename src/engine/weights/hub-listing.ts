import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { delay } from '../../lib/delay.ts'
import { failureOfRequest, failureOfStatus } from './download-failure.ts'
import type { HubClient } from './hub-client.ts'
import type { HubModel, WantedFile } from './hub-source.ts'
import { TransientFailure } from './transient-failure.ts'

/** What is read of the hub's answer about a revision; everything else in it is ignored. */
const listing = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.int().nonnegative().nullish(),
      blobId: z.string().nullish(),
      lfs: z.object({ sha256: z.string().nullish() }).nullish(),
    }),
  ),
  cardData: z.object({ license: z.unknown() }).nullish(),
})

export interface ListedModel extends HubModel {
  readonly licence: string | null
}

const reference = /^hf:(?<repository>[\w-][\w.-]*\/[\w-][\w.-]*)(?:@(?<revision>[\w-][\w./-]*))?$/
const textFiles = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
]
const indexFile = 'model.safetensors.index.json'
const shard = /^model-\d+-of-\d+\.safetensors$/
const largestAnswer = 16 << 20
const maximumRetries = 3

/** The parts of `hf:owner/name` or `hf:owner/name@revision`; undefined for what is not such a reference. */
export function parseHubReference(
  text: string,
): { readonly repository: string; readonly revision: string | undefined } | undefined {
  const groups = reference.exec(text)?.groups
  const { repository, revision } = groups ?? {}
  const isSafe = repository !== undefined && !`/${repository}/${revision ?? ''}/`.includes('/../')
  return isSafe ? { repository, revision } : undefined
}

/**
 * Asks a hub which files a model has, and takes those that make a base model. The revision becomes the commit that it
 * names now.
 *
 * @param revision branch, tag or commit
 * @throws HoneError `E_DOWNLOAD`; `E_MODEL_FILE` for a repository without safetensors
 */
export async function listHubModel(
  client: HubClient,
  repository: string,
  revision: string,
  options: { readonly signal?: AbortSignal | undefined; readonly retryMilliseconds?: number | undefined },
): Promise<ListedModel> {
  const path = `/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`
  const parsed = listing.safeParse(await getJson(client, path, repository, options))
  if (!parsed.success) {
    throw new HoneError('E_DOWNLOAD', `${repository}: the hub's answer is not a list of a model's files`)
  }
  const { sha, siblings, cardData } = parsed.data
  const present = new Set(siblings.map(({ rfilename }) => rfilename))
  const isWeights = present.has('model.safetensors')
    ? (name: string): boolean => name === 'model.safetensors'
    : (name: string): boolean => name === indexFile || shard.test(name)
  const files: WantedFile[] = siblings
    .filter(({ rfilename }) => textFiles.includes(rfilename) || isWeights(rfilename))
    .map(({ rfilename, size, blobId, lfs }) => ({
      name: rfilename,
      bytes: size ?? undefined,
      sha256: lfs?.sha256 ?? undefined,
      gitBlob: lfs === null || lfs === undefined ? (blobId ?? undefined) : undefined,
    }))
  if (!files.some(({ name }) => name.endsWith('.safetensors')) || !present.has('config.json')) {
    throw new HoneError('E_MODEL_FILE', `${repository} has no config.json with safetensors`, {
      hint: 'take a repository with the original weights; GGUF files are imported with hone models import FILE.gguf',
    })
  }
  const licence = cardData?.license
  return { repository, revision: sha, files, licence: typeof licence === 'string' ? licence : null }
}

async function getJson(
  client: HubClient,
  path: string,
  what: string,
  options: { readonly signal?: AbortSignal | undefined; readonly retryMilliseconds?: number | undefined },
): Promise<unknown> {
  for (let retries = 0; ; retries++) {
    try {
      const answer = await client.get(path, { accept: 'application/json' }, options.signal)
      if (answer.status !== 200) {
        answer.body.on('error', () => undefined).destroy()
        throw failureOfStatus(answer, what)
      }
      let text = ''
      for await (const chunk of answer.body.setEncoding('utf8')) {
        text += String(chunk)
        if (text.length > largestAnswer)
          throw new HoneError('E_DOWNLOAD', `${what}: the hub's answer is too long`)
      }
      return parse(text, what)
    } catch (error) {
      const failure = failureOfRequest(error, options.signal)
      if (!(failure instanceof TransientFailure)) throw failure
      if (retries === maximumRetries || !client.reached) {
        throw new HoneError('E_DOWNLOAD', `${what}: ${failure.message}`, { cause: failure })
      }
      const wait = (options.retryMilliseconds ?? 1_000) * 2 ** retries
      await delay(failure.waitMilliseconds ?? wait, options.signal)
    }
  }
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HoneError('E_DOWNLOAD', `${what}: the hub's answer is not JSON`)
  }
}
