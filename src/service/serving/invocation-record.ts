import type { LoggingDocument } from './logging-document.ts'

/** What was asked of a model, and what it answered. */
export interface Invocation {
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly account: string
  readonly region: string
  /** ARN of who asked. */
  readonly identity: string
  /** Of Bedrock `InvokeModel`, say; of other APIs the name of their route. */
  readonly operation: string
  /** As the client named the model. */
  readonly modelId: string
  /** Undefined where it could not be read. */
  readonly input: unknown
  readonly inputTokens: number | undefined
  readonly output: unknown
  readonly outputTokens: number | undefined
  readonly errorCode: string | undefined
  /** Of the request, for whoever reads the log. */
  readonly metadata: unknown
  /** The bodies hold more than text. */
  readonly hasMedia: boolean
}

/** A body that lies in an object of its own. */
export interface LargeBody {
  readonly key: string
  readonly text: string
}

/** Longer bodies lie in objects of their own, as the service documents it. */
const largestInline = 100 * 1024

/** Folder of the hour in which an invocation was. */
export function invocationFolder(
  prefix: string,
  { account, region, at }: Pick<Invocation, 'account' | 'region' | 'at'>,
): string {
  const [year = '', month = '', day = '', hour = ''] = new Date(at).toISOString().split(/[-T:]/)
  const root = `AWSLogs/${account}/BedrockModelInvocationLogs/${region}/${year}/${month}/${day}/${hour}`
  return prefix === '' ? root : `${prefix}/${root}`
}

/** The record of an invocation as JSON, and the bodies that it names. */
export function invocationRecord(
  { bucket, prefix, text, media }: LoggingDocument,
  invocation: Invocation,
): { readonly line: string; readonly bodies: readonly LargeBody[] } {
  const bodies: LargeBody[] = []
  const isDelivered = text && (media || !invocation.hasMedia)
  const body = (side: 'input' | 'output'): object => {
    const value = invocation[side]
    if (value === undefined || !isDelivered) return {}
    const json = JSON.stringify(value)
    if (Buffer.byteLength(json) <= largestInline) return { [`${side}BodyJson`]: value }
    const key = `${invocationFolder(prefix, invocation)}/data/${invocation.requestId}_${side}.json.gz`
    bodies.push({ key, text: json })
    return { [`${side}BodyS3Path`]: `s3://${bucket}/${key}` }
  }
  const { inputTokens, outputTokens, errorCode, metadata, output } = invocation
  const record = {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: new Date(invocation.at).toISOString().replace(/\.\d+Z$/, 'Z'),
    accountId: invocation.account,
    identity: { arn: invocation.identity },
    region: invocation.region,
    requestId: invocation.requestId,
    operation: invocation.operation,
    modelId: invocation.modelId,
    ...(errorCode === undefined ? {} : { errorCode }),
    input: { inputContentType: 'application/json', ...body('input'), inputTokenCount: inputTokens },
    ...(output === undefined
      ? {}
      : {
          output: {
            outputContentType: 'application/json',
            ...body('output'),
            outputTokenCount: outputTokens,
          },
        }),
    ...(metadata === undefined ? {} : { requestMetadata: metadata }),
  }
  return { line: JSON.stringify(record), bodies }
}
