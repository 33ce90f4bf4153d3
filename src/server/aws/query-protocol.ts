import { AwsError, readBody, type AwsReply, type AwsRequest } from './aws-request.ts'

/** A call of a service that speaks AWS's query protocol. */
interface QueryCall {
  readonly request: AwsRequest
  readonly parameters: URLSearchParams
}

/** Elements of an answer: texts, groups, or lists of `member` elements. */
export type QueryContent =
  | string
  | number
  | boolean
  | undefined
  | readonly QueryContent[]
  | { readonly [name: string]: QueryContent }

export type QueryAction = (call: QueryCall) => Promise<{ readonly [name: string]: QueryContent } | undefined>

/**
 * Answers calls that name an `Action` in a form or in the query.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 *
 * @param namespace of the answers' XML
 */
export async function answerQuery(
  request: AwsRequest,
  actions: Readonly<Record<string, QueryAction>>,
  namespace: string,
): Promise<AwsReply> {
  const form = new URLSearchParams((await readBody(request, 256 * 1024)).toString('utf8'))
  for (const [name, value] of request.query) if (!form.has(name)) form.append(name, value)
  const name = form.get('Action') ?? ''
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined) {
    throw new AwsError(
      'InvalidAction',
      400,
      `The action ${name.slice(0, 60)} is not valid for this web service.`,
    )
  }
  const result = await action({ request, parameters: form })
  const body = result === undefined ? '' : element(`${name}Result`, result)
  const metadata = element('ResponseMetadata', { RequestId: request.id })
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${name}Response xmlns="${namespace}">${body}${metadata}</${name}Response>`,
  }
}

/** @throws AwsError when the parameter is missing */
export function requiredParameter(parameters: URLSearchParams, name: string, pattern?: RegExp): string {
  const value = parameters.get(name)
  if (value === null || value === '') {
    throw new AwsError(
      'ValidationError',
      400,
      `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must not be null`,
    )
  }
  if (pattern !== undefined && !pattern.test(value)) {
    throw new AwsError(
      'ValidationError',
      400,
      `The specified value for ${name} is invalid. It must match ${pattern.source}`,
    )
  }
  return value
}

function element(name: string, content: QueryContent): string {
  if (content === undefined) return ''
  if (Array.isArray(content)) {
    return `<${name}>${content.map((each: QueryContent) => element('member', each)).join('')}</${name}>`
  }
  if (typeof content !== 'object') return `<${name}>${escaped(String(content))}</${name}>`
  const members = Object.entries(content).map(([key, value]: [string, QueryContent]) => element(key, value))
  return `<${name}>${members.join('')}</${name}>`
}

const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
