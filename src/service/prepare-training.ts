import { totalmem } from 'node:os'
import { HoneError } from '../core/errors.ts'
import type { Example } from '../core/example.ts'
import type { TrainingOverrides, TrainingPlan } from '../core/training-settings.ts'
import type { BaseFolder } from '../engine/weights/base-folder.ts'
import { encodeExamples } from '../engine/train/encode-examples.ts'
import { trainedTokens, type EncodedExample } from '../engine/train/encoded-example.ts'
import { planTraining } from '../engine/train/plan-training.ts'
import type { ModelText } from '../text/load-chat-text.ts'

export interface TokenCounts {
  readonly mean: number
  readonly p95: number
  readonly longest: number
  /** Longest record that the base takes. */
  readonly context: number
  /** Tokens of an average record that carry loss. */
  readonly trained: number
}

export interface PreparedTraining {
  readonly training: readonly Example[]
  readonly validation: readonly Example[]
  /** Records that were left out because they are too long. */
  readonly dropped: number
  readonly tokens: TokenCounts
  readonly plan: TrainingPlan
}

export interface PrepareOptions {
  readonly base: BaseFolder
  readonly text: ModelText
  readonly training: readonly Example[]
  readonly validation: readonly Example[]
  readonly overrides: TrainingOverrides
  /** Longest record in tokens; default: the base's context. */
  readonly maxTokens?: number | undefined
  /** Leave longer records out, counted. Default: they are an error. */
  readonly dropLong?: boolean | undefined
  /** Default: that of the machine. */
  readonly memoryBytes?: number | undefined
}

/**
 * Counts tokens and chooses the settings of a run, before anything is written.
 *
 * @throws HoneError `E_DATA_TOO_LONG`, `E_DATA_TOO_FEW`, `E_MEMORY` with what would fit
 */
export function prepareTraining(options: PrepareOptions): PreparedTraining {
  const { base, text, overrides } = options
  const limit = Math.min(options.maxTokens ?? base.config.contextLength, base.config.contextLength)
  const training = fitting(options.training, encodeExamples(options.training, text.chatText), limit, options)
  const validation = fitting(
    options.validation,
    encodeExamples(options.validation, text.chatText),
    limit,
    options,
  )
  const lengths = training.encoded.map(({ tokens }) => tokens.length).toSorted((left, right) => left - right)
  const longest = lengths.at(-1)
  if (longest === undefined) {
    throw new HoneError('E_DATA_TOO_FEW', `no record is left that fits into ${limit} tokens`, {
      hint: 'allow longer records with --max-tokens',
    })
  }
  const mean = average(lengths)
  const size = { examples: lengths.length, longest, mean }
  const plan = planTraining(base.architecture, base.config, size, overrides)
  const memoryBytes = options.memoryBytes ?? totalmem()
  if (plan.peakBytes > memoryBytes) {
    const peakAt = (length: number): number =>
      planTraining(base.architecture, base.config, { ...size, longest: length }, overrides).peakBytes
    throw tooMuchMemory(plan.peakBytes, memoryBytes, longest, peakAt)
  }
  return {
    training: training.examples,
    validation: validation.examples,
    dropped: training.dropped + validation.dropped,
    plan,
    tokens: {
      mean,
      longest,
      p95: lengths[Math.min(lengths.length - 1, Math.floor(lengths.length * 0.95))] ?? longest,
      context: base.config.contextLength,
      trained: average(training.encoded.map(trainedTokens)),
    },
  }
}

interface Fitting {
  readonly examples: readonly Example[]
  readonly encoded: readonly EncodedExample[]
  readonly dropped: number
}

function fitting(
  examples: readonly Example[],
  encoded: readonly EncodedExample[],
  limit: number,
  { dropLong = false }: PrepareOptions,
): Fitting {
  const long = encoded.filter(({ tokens }) => tokens.length > limit)
  if (long.length === 0) return { examples, encoded, dropped: 0 }
  if (!dropLong) {
    const named = long.slice(0, 5).map(({ id, tokens }) => `${id} (${tokens.length})`)
    const more = long.length > named.length ? ` and ${long.length - named.length} more` : ''
    throw new HoneError(
      'E_DATA_TOO_LONG',
      `${long.length} of ${examples.length} records are longer than ${limit} tokens: ${named.join(', ')}${more}`,
      { hint: 'shorten them, or leave them out with --drop-long; records are never cut' },
    )
  }
  const kept = [...encoded.keys()].filter((index) => (encoded[index]?.tokens.length ?? 0) <= limit)
  return {
    examples: kept.map((index) => examples[index] as Example),
    encoded: kept.map((index) => encoded[index] as EncodedExample),
    dropped: long.length,
  }
}

function tooMuchMemory(
  needed: number,
  available: number,
  longest: number,
  peakAt: (length: number) => number,
): HoneError {
  // Something has to be left for the rest of the machine.
  const fits = (length: number): boolean => peakAt(length) <= available * 0.8
  const length = [...Array(12).keys()].map((power) => Math.floor(longest / 2 ** (power + 1))).find(fits)
  return new HoneError(
    'E_MEMORY',
    `a step needs about ${gigabytes(needed)}; the machine has ${gigabytes(available)}`,
    {
      hint:
        length === undefined || length < 16
          ? 'to fit: a smaller base, or a smaller --rank'
          : `to fit: --max-tokens ${length} --drop-long (${gigabytes(peakAt(length))}), a smaller --rank, or a smaller base`,
    },
  )
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
