import type { Detector } from './detector.ts'
import { detectors } from './detectors.ts'

export const redactActions = ['replace', 'pseudonym', 'mask', 'keep', 'drop'] as const

/**
 * What is done with a find: `replace` puts its kind there (`[EMAIL]`), `pseudonym` a made-up value of the same form,
 * `mask` dots; `keep` does not look for it; `drop` leaves out the whole record.
 */
export type RedactAction = (typeof redactActions)[number]

export interface RedactPolicy {
  readonly name: string
  /** For kinds that are not named. */
  readonly default: RedactAction
  /** By kind or group; a kind goes before its group. */
  readonly kinds: Readonly<Record<string, RedactAction>>
  /** Within which the same value gets the same pseudonym. Default `conversation`: one record. */
  readonly pseudonyms?: 'conversation' | 'file'
  /** ISO 3166 code of the country whose national numbers are written without a prefix. */
  readonly country?: string
  /** Patterns of medical record numbers. */
  readonly mrn?: readonly string[]
  /** What the policy does not see to, said on screen. */
  readonly limits?: readonly string[]
}

export const actionFor = (
  policy: RedactPolicy,
  { kind, group }: Pick<Detector, 'kind' | 'group'>,
): RedactAction => policy.kinds[kind] ?? policy.kinds[group] ?? policy.default

/** The detectors that a policy needs. */
export const detectorsOf = (policy: RedactPolicy): Detector[] =>
  detectors.filter((detector) => actionFor(policy, detector) !== 'keep')

export const builtInPolicies: readonly RedactPolicy[] = [
  { name: 'default', default: 'replace', kinds: {} },
  {
    name: 'hipaa-like',
    default: 'replace',
    kinds: {},
    limits: [
      'Of the 18 identifiers of 45 CFR 164.514(b)(2) this policy looks for',
      '  names and street addresses, by the words around them · dates of birth · ages of 90 or more',
      '  phone and fax · e-mail · SSN · record numbers, by the words before them or --mrn',
      '  cards, IBAN, passports and licences · hardware and IP addresses',
      'It does not look for',
      '  other dates · towns and postcodes alone · plan and certificate numbers · vehicles · devices',
      '  web addresses without a password · finger and voice prints · pictures · other codes',
      'By itself it is not a de-identification under HIPAA.',
    ],
  },
  { name: 'secrets-only', default: 'keep', kinds: { secret: 'replace' } },
]
