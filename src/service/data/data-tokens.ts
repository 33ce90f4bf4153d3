import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import type { AnswerChoice } from '../../core/training-settings.ts'
import { canonicalJson } from '../../lib/canonical-json.ts'
import { packageVersion } from '../../lib/package-version.ts'
import { sha256OfFile } from '../../lib/sha256-of-file.ts'
import { findProfile, profiles } from '../../profiles/profiles.ts'
import { tokenPlan, type TokenPlan } from '../../profiles/token-plans.ts'
import type { ResultCache } from '../../store/result-cache.ts'
import { findBaseText, type BaseText } from './base-text.ts'
import { countFile, estimateFile, type CountedFile } from './count-file.ts'
import type { DataOptions } from './data-event.ts'
import type { EnsureBaseOptions } from '../models/ensure-base.ts'
import { estimateRun } from './estimate-run.ts'
import { openTokenPool, threadsFor } from './token-pool.ts'

export type { LengthSummary } from '../../data/statistics/length-tally.ts'

export interface DataTokensRequest {
  readonly file: string
  /** A local model, whose tokenizer and chat template count exactly. */
  readonly base?: string | undefined
  /** A hosted service, for which is estimated, such as `openai:gpt-4o-mini`; `local:ID` is the same as a base. */
  readonly for?: string | undefined
  /** Longest record in tokens. Default: the model's or the service's. */
  readonly maxTokens?: number | undefined
  /** Which answers are trained. Default `all`. */
  readonly answers?: AnswerChoice | undefined
  /** System prompt of records that have none. */
  readonly system?: string | undefined
  /** Default: what Hone or the service would choose. */
  readonly epochs?: number | undefined
  /** Count again what was counted before. */
  readonly fresh?: boolean | undefined
}

type TokenCounter =
  | {
      readonly kind: 'exact'
      readonly model: string
      readonly base: string
      /** Longest record that the base takes, in tokens. */
      readonly context: number
    }
  | {
      readonly kind: 'estimate'
      readonly profile: string
      readonly title: string
      /** How it is estimated, with its source. */
      readonly method: string
      /** Where the name of a family was given: which profile was taken. */
      readonly note: string | null
    }

export interface DataTokens extends CountedFile {
  readonly schema: 1
  readonly file: string
  readonly counter: TokenCounter
  /** What a run over the records that fit would take. */
  readonly run: {
    readonly records: number
    readonly epochs: number
    /** Tokens of all epochs together: what services charge for. */
    readonly tokens: number
    readonly usd: number | null
    /** Where the price is from; why there is none. */
    readonly priceSource: string
    /** On this machine, with a batch of that many records; null for a service. */
    readonly seconds: number | null
    readonly batchSize: number | null
  }
  /** True when the counts are those of an earlier run over the same content. */
  readonly reused: boolean
}

export interface DataTokensSettings extends Pick<EnsureBaseOptions, 'home' | 'pull'> {
  readonly threads?: number | undefined
  readonly cache: ResultCache
  /** Built entry file of the threads that count. */
  readonly worker: URL
  /** Threads that count. Default: what pays for the size of the file. */
  readonly countingThreads?: number | undefined
}

/**
 * How many tokens the records of a file have, and what a run over them would take. A file that was counted before with
 * the same tokenizer is not counted again.
 *
 * @throws HoneError `E_USAGE` for a profile that is not known; `E_MODEL_UNKNOWN`, `E_DATA`, `E_DATA_EMPTY`
 */
export async function dataTokens(
  settings: DataTokensSettings,
  request: DataTokensRequest,
  options: DataOptions = {},
): Promise<DataTokens> {
  const { base, for: profile } = request
  const isLocal = profile === undefined || profile.startsWith('local:')
  if (isLocal) {
    const reference = base ?? profile?.slice('local:'.length)
    if (reference === undefined || reference === '') {
      throw new HoneError('E_USAGE', 'it is not said for which model the tokens are to be counted', {
        hint: 'add --base MODEL for a local one, or --for PROFILE for a service',
      })
    }
    return exactly(settings, reference, request, options)
  }
  const { plan, note } = findPlan(profile)
  return estimated(settings, plan, note, request, options)
}

async function exactly(
  settings: DataTokensSettings,
  reference: string,
  request: DataTokensRequest,
  options: DataOptions,
): Promise<DataTokens> {
  const { home, pull, cache, threads, worker, countingThreads } = settings
  const { file, answers = 'all', system, epochs } = request
  const { signal, onEvent } = options
  const text = await findBaseText(reference, {
    home,
    pull,
    signal,
    onEvent: (event) => onEvent?.({ type: 'base', event }),
  })
  const context = text.base.config.contextLength
  const limit = Math.min(request.maxTokens ?? context, context)
  const counted = await cached(cache, request, options, keyOf(text, { limit, answers, system }), async () => {
    const { size } = await stat(file)
    await using pool = await openTokenPool({
      folder: text.base.folder,
      worker,
      threads: countingThreads ?? threadsFor(size),
      answers,
      limit,
    })
    // Without await the pool would be closed before the promise is settled.
    return await countFile({ file, limit, system, textOnly: true }, pool, options)
  })
  const { statistics, pairs, sharedPrefix } = counted.result
  const { mean, largest } = statistics.tokens.record
  const fitting = statistics.counted - statistics.beyondLimit.records
  const share = statistics.counted === 0 ? 0 : fitting / statistics.counted
  const run =
    fitting === 0
      ? null
      : await estimateRun(
          text.base,
          {
            examples: fitting,
            longest: Math.min(largest, limit),
            mean: Math.min(mean, limit),
            trained: statistics.tokens.answer.mean,
            prefix: sharedPrefix ?? 0,
            pairs: pairs === statistics.counted ? fitting : 0,
          },
          { epochs, threads },
        )
  const rounds = run?.epochs ?? epochs ?? 1
  return {
    schema: 1,
    file,
    counter: { kind: 'exact', model: text.model, base: text.base.manifest.id, context },
    ...counted.result,
    run: {
      records: fitting,
      epochs: rounds,
      tokens: Math.round(statistics.total * share) * rounds,
      usd: null,
      priceSource: 'trained on this machine',
      seconds: run?.seconds ?? null,
      batchSize: run?.batchSize ?? null,
    },
    reused: counted.reused,
  }
}

async function estimated(
  settings: DataTokensSettings,
  plan: TokenPlan,
  note: string | null,
  request: DataTokensRequest,
  options: DataOptions,
): Promise<DataTokens> {
  const { file, system, epochs = plan.epochs } = request
  const limit = request.maxTokens ?? plan.recordLimit ?? undefined
  const key = { plan: { ...plan }, limit: limit ?? null, system: system ?? null }
  const { result, reused } = await cached(settings.cache, request, options, key, () =>
    estimateFile({ file, limit, system, textOnly: false }, plan, options),
  )
  const { counted, beyondLimit, total } = result.statistics
  const tokens = total * epochs
  return {
    schema: 1,
    file,
    counter: { kind: 'estimate', profile: plan.id, title: plan.title, method: plan.method, note },
    ...result,
    run: {
      records: counted - beyondLimit.records,
      epochs,
      tokens,
      usd: plan.trainingPrice === null ? null : (tokens / 1e6) * plan.trainingPrice,
      priceSource: plan.priceSource,
      seconds: null,
      batchSize: null,
    },
    reused,
  }
}

/** @throws HoneError `E_USAGE` */
function findPlan(name: string): { readonly plan: TokenPlan; readonly note: string | null } {
  const { profile, note = null } = findProfile(name)
  const plan = tokenPlan(profile)
  if (plan !== undefined) return { plan, note }
  const ids = profiles.filter(({ tokens }) => tokens !== undefined).map(({ id }) => id)
  throw new HoneError('E_USAGE', `no way to estimate the tokens of ${profile.id} is known`, {
    hint: `known are local:MODEL, ${ids.join(', ')}`,
  })
}

type KeyParts = Parameters<typeof canonicalJson>[0]

function keyOf(
  { textKey, isDated }: BaseText,
  parts: { readonly limit: number; readonly answers: AnswerChoice; readonly system: string | undefined },
): KeyParts {
  return { ...parts, textKey, ...(isDated ? { day: new Date().toISOString().slice(0, 10) } : {}) }
}

async function cached(
  cache: ResultCache,
  { file, fresh = false }: DataTokensRequest,
  { signal }: DataOptions,
  settings: KeyParts,
  count: () => Promise<CountedFile>,
): Promise<{ readonly result: CountedFile; readonly reused: boolean }> {
  const content = await sha256OfFile(file, { signal }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause
    throw new HoneError('E_DATA', 'the file cannot be read', { at: { file }, hint: 'check the path', cause })
  })
  const parts = canonicalJson({ kind: 'tokens 1', version: packageVersion(), content, settings })
  const key = createHash('sha256').update(parts).digest('hex')
  const known = fresh ? undefined : await cache.get(key)
  // What the key names was written by this very version.
  if (known !== undefined) return { result: known as CountedFile, reused: true }
  const result = await count()
  await cache.put(key, result)
  return { result, reused: false }
}
