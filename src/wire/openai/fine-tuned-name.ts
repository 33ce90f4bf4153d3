/** What the name of a fine-tuned model says. */
export interface FineTunedName {
  /** Of a base it may hold colons. */
  readonly base: string
  readonly organization: string
  /** Empty where the job had none. */
  readonly suffix: string
  /** Letters and digits. */
  readonly id: string
  /** Of a checkpoint: the optimizer step. */
  readonly step?: number
}

const start = 'ft:'

/** `ft:BASE:ORGANIZATION:SUFFIX:ID`, and `:ckpt-step-STEP` of a checkpoint. */
export const writeFineTunedName = ({ base, organization, suffix, id, step }: FineTunedName): string =>
  `${start}${base}:${organization}:${suffix}:${id}${step === undefined ? '' : `:ckpt-step-${step}`}`

/** Undefined for what is no such name. */
export function readFineTunedName(name: string): FineTunedName | undefined {
  const found = /^ft:(.+):([^:]+):([^:]*):([a-zA-Z0-9]+)(?::ckpt-step-(\d{1,9}))?$/s.exec(name)
  if (found === null) return undefined
  const [, base = '', organization = '', suffix = '', id = '', step] = found
  return { base, organization, suffix, id, ...(step === undefined ? {} : { step: Number(step) }) }
}

/** A suffix as it stands in names: small letters, digits and hyphens. */
export const toNameSuffix = (suffix: string): string =>
  suffix
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64)
