import { createHash, randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { measuredOn, type MeasuredKind } from '../../data/redact/measured.ts'
import { actionFor, detectorsOf, type RedactAction, type RedactPolicy } from '../../data/redact/policy.ts'
import { openSource } from '../../data/sources/open-source.ts'
import { Redactor } from '../../data/redact/redact-json.ts'
import { redactFile, type KindCount } from '../../data/redact/redact-file.ts'
import { readPolicy } from '../../data/redact/read-policy.ts'
import { detectors } from '../../data/redact/detectors.ts'
import { safePattern } from '../../data/redact/pattern-detector.ts'
import type { DataOptions } from './data-event.ts'
import { refuseExisting, refuseInput } from './data-output.ts'
import { orEarlierResult, type Reusable } from './reuse-result.ts'

export interface DataRedactRequest {
  readonly file: string
  /** A built-in policy or a file. Default `default`. */
  readonly policy?: string | undefined
  readonly to?: string | undefined
  readonly report?: string | undefined
  readonly country?: string | undefined
  readonly mrn?: readonly string[] | undefined
  /** Makes `replace` of the policy `pseudonym`, the same for the same value within this. */
  readonly pseudonyms?: 'conversation' | 'file' | undefined
  readonly force?: boolean | undefined
  /** Take nothing of an earlier run. */
  readonly fresh?: boolean | undefined
}

/** What is looked for, and how well that was found on sentences of the project's own. */
export interface CoveredKind {
  readonly kind: string
  readonly title: string
  readonly action: RedactAction
  readonly covers: string
  readonly misses: string
  readonly found: number
  readonly records: number
  readonly measured: MeasuredKind | null
}

export interface DataRedaction {
  readonly schema: 1
  readonly file: string
  /** Null where nothing was to be written. */
  readonly to: string | null
  readonly report: string | null
  readonly policy: string
  readonly records: number
  readonly changed: number
  readonly dropped: number
  /** Whether pseudonyms are the same in every run, by the secret in `HONE_REDACT_KEY`. */
  readonly repeatable: boolean
  readonly pseudonyms: 'conversation' | 'file' | null
  /** Kinds that the policy looks for. */
  readonly kinds: readonly CoveredKind[]
  /** Kinds that it leaves as they are. */
  readonly kept: readonly string[]
  readonly limits: readonly string[]
  /** All kinds together, on the sentences that `measured` counts. */
  readonly measured: MeasuredKind & { readonly sentences: number }
}

export interface DataRedactSettings {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
}

const keyVariable = 'HONE_REDACT_KEY'
const shortestSecret = 16

/**
 * Takes personal data out of a JSONL file, or says what would be taken out.
 *
 * @throws HoneError `E_USAGE`, `E_CONFIG` (policy), `E_DATA` (file), `E_EXISTS` (an output is there), `E_DISK`;
 *   `signal.reason`.
 */
export async function dataRedact(
  { home, env }: DataRedactSettings,
  { fresh, force = false, ...request }: DataRedactRequest,
  options: DataOptions = {},
): Promise<Reusable<DataRedaction>> {
  const { file, to, report } = request
  const policy = await policyOf(request)
  await readable(file)
  const outputs = [to, report].filter((path) => path !== undefined)
  if (new Set(outputs.map((path) => resolve(path))).size < outputs.length) {
    throw new HoneError('E_USAGE', '--to and --report name the same file')
  }
  for (const path of outputs) await refuseInput(path, [file])
  const pseudonyms = pseudonymKey(env)
  // Without a secret each run draws other pseudonyms, and those that an earlier run wrote are as good.
  const secret = pseudonyms.repeatable ? createHash('sha256').update(pseudonyms.key).digest('hex') : null
  const settings = { file, to, report, policy, secret }
  return orEarlierResult(
    home,
    { kind: 'redact 1', inputs: [{ file }], settings, outputs, fresh },
    options,
    async () => {
      for (const path of outputs) await refuseExisting(path, force)
      return redact(policy, pseudonyms, request, options)
    },
  )
}

async function redact(
  policy: RedactPolicy,
  { key, repeatable }: PseudonymKey,
  { file, to, report }: Pick<DataRedactRequest, 'file' | 'to' | 'report'>,
  { signal, onEvent }: DataOptions,
): Promise<DataRedaction> {
  const counts = await redactFile(file, new Redactor(policy, key), {
    to,
    report,
    reportHead: { schema: 1, file, to: to ?? null, policy: policy.name },
    signal,
    onProgress: (records, bytes, totalBytes) =>
      onEvent?.({ type: 'data-progress', step: 'redact', records, bytes, totalBytes }),
  })
  const looked = detectorsOf(policy)
  const draws = looked.some((detector) => actionFor(policy, detector) === 'pseudonym')
  const none: KindCount = { found: 0, records: 0 }
  return {
    schema: 1,
    file,
    to: to ?? null,
    report: report ?? null,
    policy: policy.name,
    records: counts.records,
    changed: counts.changed,
    dropped: counts.dropped,
    repeatable,
    pseudonyms: draws ? (policy.pseudonyms ?? 'conversation') : null,
    kinds: looked.map((detector) => {
      const { kind, title, covers, misses } = detector
      const measured = measuredOn.kinds[kind] ?? null
      return {
        kind,
        title,
        action: actionFor(policy, detector),
        covers,
        misses,
        ...(counts.kinds[kind] ?? none),
        measured,
      }
    }),
    kept: detectors.filter((detector) => !looked.includes(detector)).map(({ kind }) => kind),
    limits: policy.limits ?? [],
    measured: { sentences: measuredOn.sentences, ...measuredOn.total },
  }
}

const drawn = (action: RedactAction): RedactAction => (action === 'replace' ? 'pseudonym' : action)

async function policyOf({
  policy: name = 'default',
  country,
  mrn,
  pseudonyms,
}: DataRedactRequest): Promise<RedactPolicy> {
  const policy = await readPolicy(name)
  for (const pattern of mrn ?? []) safePattern(pattern)
  if (country !== undefined && !/^[A-Za-z]{2}$/.test(country)) {
    throw new HoneError('E_USAGE', `"${country}" is no country code`, {
      hint: 'two letters, such as DE or US',
    })
  }
  const kinds = Object.entries(policy.kinds).map(([kind, action]) => [kind, drawn(action)] as const)
  return {
    ...policy,
    ...(country === undefined ? {} : { country: country.toUpperCase() }),
    ...(mrn === undefined ? {} : { mrn: [...(policy.mrn ?? []), ...mrn] }),
    ...(pseudonyms === undefined
      ? {}
      : { pseudonyms, default: drawn(policy.default), kinds: Object.fromEntries(kinds) }),
  }
}

interface PseudonymKey {
  readonly key: Uint8Array
  /** Whether another run has the same. */
  readonly repeatable: boolean
}

function pseudonymKey(env: NodeJS.ProcessEnv): PseudonymKey {
  const secret = env[keyVariable]
  if (secret === undefined || secret === '') return { key: randomBytes(32), repeatable: false }
  if (secret.length < shortestSecret) {
    throw new HoneError(
      'E_USAGE',
      `${keyVariable} has ${secret.length} characters; at least ${shortestSecret} are needed`,
      {
        hint: 'a short secret can be tried out, and the pseudonyms traced back: use a random one',
      },
    )
  }
  return { key: createHash('sha256').update(secret).digest(), repeatable: true }
}

/** Records are rewritten in place, so the file must have one a line. */
async function readable(file: string): Promise<void> {
  await using source = await openSource(file)
  const { kind, wrappers } = source
  if (kind.id === 'jsonl' && wrappers.length === 0) return
  const what = [kind.id, ...wrappers.toReversed()].join(' in ')
  throw new HoneError('E_DATA', `this file is ${what}, not one record a line`, {
    at: { file },
    hint: `turn it into records first: hone data import ${file} --to examples.jsonl`,
  })
}
