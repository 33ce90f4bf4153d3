import type { AwsRequest } from '../aws/aws-request.ts'

/** Where resources live: in a request's region, under the server's account. */
export interface ArnScope {
  readonly region: string
  readonly account: string
}

/** The scope of what a request makes or asks for. */
export const scopeOf = ({ region, identity }: Pick<AwsRequest, 'region' | 'identity'>): ArnScope => ({
  region,
  account: identity.account,
})

export const foundationModelArn = ({ region }: Pick<ArnScope, 'region'>, model: string): string =>
  `arn:aws:bedrock:${region}::foundation-model/${model}`

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

/** The kind and the id of what an ARN names; `undefined` for what is no ARN of Bedrock. */
export function parseArn(
  arn: string,
): { readonly kind: string; readonly id: string; readonly rest: string } | undefined {
  const found =
    /^arn:aws(?:-[a-z-]{1,20})?:bedrock:[a-z0-9-]{1,20}:\d{0,12}:([a-z-]{1,60})\/(.{1,400})$/.exec(arn)
  if (found === null) return undefined
  const [, kind = '', rest = ''] = found
  return { kind, rest, id: rest.slice(rest.lastIndexOf('/') + 1) }
}

/** Something that can be asked for by id or by name, both unique. */
interface Findable<Found> {
  find(id: string): Promise<Found | undefined>
  findByName(name: string): Promise<Found | undefined>
}

/** What an ARN of the kind, a name or an id refers to. */
export async function findReferenced<Found>(
  store: Findable<Found>,
  kind: ArnKind,
  reference: string,
): Promise<Found | undefined> {
  const arn = parseArn(reference)
  if (arn === undefined) return (await store.findByName(reference)) ?? (await store.find(reference))
  return arn.kind === kind ? store.find(arn.id) : undefined
}
