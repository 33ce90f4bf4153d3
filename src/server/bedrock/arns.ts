/** Where resources live: in a request's region, under the server's account. */
export interface ArnScope {
  readonly region: string
  readonly account: string
}

export const foundationModelArn = ({ region }: Pick<ArnScope, 'region'>, model: string): string =>
  `arn:aws:bedrock:${region}::foundation-model/${model}`

/** Forms of https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html */
export const arnOf = (
  { region, account }: ArnScope,
  kind:
    | 'custom-model'
    | 'model-customization-job'
    | 'provisioned-model'
    | 'custom-model-deployment'
    | 'model-invocation-job'
    | 'model-copy-job'
    | 'imported-model'
    | 'model-import-job',
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
