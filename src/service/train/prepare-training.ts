import { freemem, platform, totalmem } from 'node:os'
import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import type {
  AdaptedLayers,
  TrainingMethod,
  TrainingOverrides,
  TrainingPlan,
} from '../../core/training-settings.ts'
import { firstAdaptedLayer, type AdapterConfig } from '../../engine/adapter/adapter.ts'
import type { BaseFolder } from '../../engine/weights/base-folder.ts'
import { encodeExamples } from '../../engine/train/encode-examples.ts'
import { longestTokens, trainedTokens, type EncodedExample } from '../../engine/train/encoded-example.ts'
import { planTraining } from '../../engine/train/plan-training.ts'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import type { ModelText } from '../../text/load-chat-text.ts'

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
  /** What no other program uses; default: that of the machine. */
  readonly freeBytes?: number | undefined
  /** Disk that is free for the job. Default: enough. */
  readonly freeDiskBytes?: number | undefined
  /** The adapter that training starts from, with the id of its model. */
  readonly start?: { readonly model: string; readonly config: AdapterConfig } | undefined
}

/**
 * Counts tokens and chooses the settings of a run, before anything is written.
 *
 * @throws HoneError `E_DATA_TOO_LONG`, `E_DATA_TOO_FEW`, `E_MEMORY` with what would fit
 */
export function prepareTraining(options: PrepareOptions): PreparedTraining {
  const { base, text } = options
  const overrides = startOverrides(options)
  const limit = Math.min(options.maxTokens ?? base.config.contextLength, base.config.contextLength)
  const pairs = pairsOf(options.training)
  const wanted = overrides.method ?? (pairs > 0 && pairs === options.training.length ? 'dpo' : 'sft')
  // Records that the method does not fit are refused by the plan; until then they are encoded as answers.
  const method = pairs === options.training.length ? wanted : 'sft'
  refuseUnpaired(method, options.validation)
  const encoded = (examples: readonly Example[]): EncodedExample[] =>
    encodeExamples(examples, text.chatText, { method, answers: overrides.answers ?? 'all' })
  const training = fitting(options.training, encoded(options.training), limit, options)
  const validation = fitting(options.validation, encoded(options.validation), limit, options)
  const lengths = training.encoded.map(longestTokens).toSorted((left, right) => left - right)
  const longest = lengths.at(-1)
  if (longest === undefined) {
    throw new HoneError('E_DATA_TOO_FEW', `no record is left that fits into ${limit} tokens`, {
      hint: 'allow longer records with --max-tokens',
    })
  }
  const mean = average(lengths)
  const trained = average(training.encoded.map(trainedTokens))
  const size = {
    examples: lengths.length,
    longest,
    mean,
    trained,
    prefix: commonPrefixLength(training.encoded.map(({ tokens }) => tokens)),
    validation: validation.encoded.length,
    pairs: pairsOf(training.examples),
    freeBytes: options.freeBytes ?? freeMemory(),
    freeDiskBytes: options.freeDiskBytes,
  }
  const plan = withStart(planTraining(base.architecture, base.config, size, overrides), options.start)
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
      trained,
    },
  }
}

const pairsOf = (examples: readonly Example[]): number =>
  examples.filter(({ rejected }) => rejected !== undefined).length

function refuseUnpaired(method: TrainingMethod, validation: readonly Example[]): void {
  const unpaired = validation.filter(({ rejected }) => rejected === undefined)
  if (method === 'sft' || unpaired.length === 0) return
  throw new HoneError(
    'E_DATA',
    `the method is dpo; ${unpaired.length} of ${validation.length} records to validate with are no preference pairs, such as ${unpaired[0]?.id}`,
    { hint: 'validate with pairs, or let a part of the data be held out' },
  )
}

// What Linux and Windows say is free includes caches that can be given up; macOS leaves them out.
const freeMemory = (): number => (platform() === 'darwin' ? totalmem() * 0.7 : freemem())

const startSettings = ['rank', 'alpha', 'scaling', 'targets', 'layers'] as const

/** Target modules are a set. */
const plain = (value: number | string | readonly string[]): string =>
  typeof value === 'object'
    ? [...new Set(value)].toSorted((one, other) => one.localeCompare(other)).join()
    : String(value)

/** What an adapter that is continued decides; given settings must agree with it. */
function startOverrides({ base, overrides, start }: PrepareOptions): TrainingOverrides {
  if (start === undefined) return overrides
  const { architecture, config } = base
  const lowest = firstAdaptedLayer(architecture, config, start.config)
  const layers: AdaptedLayers = lowest === 0 ? 'all' : config.layers - lowest
  const { rank, alpha, scaling = 'standard', targetModules: targets } = start.config
  const own = { rank, alpha, scaling, targets, layers }
  for (const key of startSettings) {
    const given = overrides[key]
    if (given === undefined || plain(given) === plain(own[key])) continue
    throw new HoneError(
      'E_CONFIG',
      `${key} is ${String(given)}, but the adapter of ${start.model} has ${String(own[key])}`,
      {
        at: { pointer: `/training/${key}` },
        hint: `leave it out: a run that continues a model keeps its ${key}`,
      },
    )
  }
  return { ...overrides, ...own }
}

function withStart(plan: TrainingPlan, start: PrepareOptions['start']): TrainingPlan {
  if (start === undefined) return plan
  const reasons = Object.fromEntries(startSettings.map((key) => [key, `that of ${start.model}`]))
  return { ...plan, reasons: { ...plan.reasons, ...reasons } }
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
  const long = encoded.filter((example) => longestTokens(example) > limit)
  if (long.length === 0) return { examples, encoded, dropped: 0 }
  if (!dropLong) {
    const named = long.slice(0, 5).map((example) => `${example.id} (${longestTokens(example)})`)
    const more = long.length > named.length ? ` and ${long.length - named.length} more` : ''
    throw new HoneError(
      'E_DATA_TOO_LONG',
      `${long.length} of ${examples.length} records are longer than ${limit} tokens: ${named.join(', ')}${more}`,
      { hint: 'shorten them, or leave them out with --drop-long; records are never cut' },
    )
  }
  const kept = [...encoded.keys()].filter((index) => longestTokens(encoded[index] as EncodedExample) <= limit)
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
