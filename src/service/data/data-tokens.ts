import { stat } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import type { AnswerChoice } from '../../core/training-settings.ts'
import { findProfile, profiles } from '../../profiles/profiles.ts'
import { tokenPlan, type TokenPlan } from '../../profiles/token-plans.ts'
import { findBaseText, type BaseText } from './base-text.ts'
import { countFile, estimateFile, type CountedFile } from './count-file.ts'
import type { DataOptions } from './data-event.ts'
import type { EnsureBaseOptions } from '../models/ensure-base.ts'
import { estimateRun } from './estimate-run.ts'
import { orEarlierResult } from './reuse-result.ts'
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
  const { home, pull, threads, worker, countingThreads } = settings
  const { file, answers = 'all', system, epochs, fresh } = request
  const { signal, onEvent } = options
  const text = await findBaseText(reference, {
    home,
    pull,
    signal,
    onEvent: (event) => onEvent?.({ type: 'base', event }),
  })
  const context = text.base.config.contextLength
  const limit = Math.min(request.maxTokens ?? context, context)
  const work = {
    kind: 'tokens 2',
    inputs: [{ file }],
    settings: { limit, answers, system, textKey: text.textKey, day: dayOf(text) },
    fresh,
  }
  const counted = await orEarlierResult(home, work, options, async () => {
    // What is not there is for the reader to say.
    const size = (await stat(file).catch(() => undefined))?.size ?? 0
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
  const { statistics, pairs, sharedPrefix } = counted
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
    ...counted,
    run: {
      records: fitting,
      epochs: rounds,
      tokens: Math.round(statistics.total * share) * rounds,
      usd: null,
      priceSource: 'trained on this machine',
      seconds: run?.seconds ?? null,
      batchSize: run?.batchSize ?? null,
    },
  }
}

async function estimated(
  settings: DataTokensSettings,
  plan: TokenPlan,
  note: string | null,
  request: DataTokensRequest,
  options: DataOptions,
): Promise<DataTokens> {
  const { file, system, epochs = plan.epochs, fresh } = request
  const limit = request.maxTokens ?? plan.recordLimit ?? undefined
  const work = { kind: 'token estimate 1', inputs: [{ file }], settings: { plan, limit, system }, fresh }
  const estimate = await orEarlierResult(settings.home, work, options, () =>
    estimateFile({ file, limit, system, textOnly: false }, plan, options),
  )
  const { counted, beyondLimit, total } = estimate.statistics
  const tokens = total * epochs
  return {
    schema: 1,
    file,
    counter: { kind: 'estimate', profile: plan.id, title: plan.title, method: plan.method, note },
    ...estimate,
    run: {
      records: counted - beyondLimit.records,
      epochs,
      tokens,
      usd: plan.trainingPrice === null ? null : (tokens / 1e6) * plan.trainingPrice,
      priceSource: plan.priceSource,
      seconds: null,
      batchSize: null,
    },
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

/** Today, where the chat template may write it. */
const dayOf = ({ isDated }: BaseText): string | undefined =>
  isDated ? new Date().toISOString().slice(0, 10) : undefined
