import type { AwsRequest } from '../aws/aws-request.ts'
import { validationError } from './bedrock-error.ts'

/** Where resources live: in a request's region, under the server's account. */
export interface ArnScope {
  readonly region: string
  readonly account: string
}

/** The scope of what was made in a region; of what does not say, that of who asks. */
export const madeIn = (dialect: Readonly<Record<string, unknown>>, scope: ArnScope): ArnScope =>
  typeof dialect['region'] === 'string' ? { ...scope, region: dialect['region'] } : scope

/** Whether something was made in the region of a request; what does not say belongs to all. */
export const isMadeIn = (dialect: Readonly<Record<string, unknown>>, { region }: ArnScope): boolean =>
  dialect['region'] === undefined || dialect['region'] === region

/** The scope of what a request makes or asks for. */
export const scopeOf = ({ region, identity }: Pick<AwsRequest, 'region' | 'identity'>): ArnScope => ({
  region,
  account: identity.account,
})

export const foundationModelArn = ({ region }: Pick<ArnScope, 'region'>, model: string): string =>
  `arn:aws:bedrock:${region}::foundation-model/${model}`

/** The ARN of a key that is named by ARN or id; an alias does not tell its key. */
export function keyArnOf(key: unknown, { region, account }: ArnScope): string | undefined {
  if (typeof key !== 'string' || key.includes('alias/')) return undefined
  return key.startsWith('arn:') ? key : `arn:aws:kms:${region}:${account}:key/${key}`
}

export type ArnKind =
  | 'custom-model'
  | 'model-customization-job'
  | 'provisioned-model'
  | 'custom-model-deployment'
  | 'model-invocation-job'
  | 'model-copy-job'
  | 'imported-model'
  | 'model-import-job'

/** Forms of https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html */
export const arnOf = (
  { region, account }: ArnScope,
  kind: ArnKind,
  id: string,
  /** Of jobs and models: the base. */
  base?: string,
): string => `arn:aws:bedrock:${region}:${account}:${kind}/${base === undefined ? '' : `${base}/`}${id}`

/** What an ARN names. */
export interface ParsedArn {
  readonly region: string
  /** Empty for a foundation model, which belongs to nobody. */
  readonly account: string
  readonly kind: string
  /** All after the kind. */
  readonly rest: string
  /** The last part of it. */
  readonly id: string
}

/** `undefined` for what is no ARN of Bedrock. */
export function parseArn(arn: string): ParsedArn | undefined {
  const found =
    /^arn:aws(?:-[a-z-]{1,20})?:bedrock:([a-z0-9-]{1,20}):(\d{12}|):([a-z-]{1,60})\/([a-zA-Z0-9.:/_-]{1,400})$/.exec(
      arn,
    )
  if (found === null) return undefined
  const [, region = '', account = '', kind = '', rest = ''] = found
  return { region, account, kind, rest, id: rest.slice(rest.lastIndexOf('/') + 1) }
}

/**
 * The model that the filter of a list names; undefined where it names none.
 *
 * @throws AwsError `ValidationException` for what is no ARN
 */
export function wantedModel(modelArnEquals: string | undefined): ParsedArn | undefined {
  const wanted = modelArnEquals === undefined ? undefined : parseArn(modelArnEquals)
  if (modelArnEquals !== undefined && wanted === undefined) {
    throw validationError(`Value at 'modelArnEquals' is no ARN of a model: ${modelArnEquals}`)
  }
  return wanted
}

/** Something that can be asked for by id or by name, both unique. */
interface Findable<Found> {
  find(id: string): Promise<Found | undefined>
  findByName(name: string): Promise<Found | undefined>
}

/** Names and ids of every kind: what is no part of any cannot be one. */
const nameForm = /^[a-zA-Z0-9][a-zA-Z0-9+._:-]{0,1010}$/

/**
 * What an ARN of the kind, a name or an id refers to.
 *
 * @throws AwsError `ValidationException` for what can be none of them
 */
export async function findReferenced<Found>(
  store: Findable<Found>,
  kind: ArnKind,
  reference: string,
): Promise<Found | undefined> {
  const arn = parseArn(reference)
  if (arn === undefined && !nameForm.test(reference)) {
    throw validationError(
      `The provided identifier is invalid: ${reference.slice(0, 200)}. Give an ARN of a ${kind}, a name or an id.`,
    )
  }
  if (arn === undefined) return (await store.findByName(reference)) ?? (await store.find(reference))
  return arn.kind === kind ? store.find(arn.id) : undefined
}
