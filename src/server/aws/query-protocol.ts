import { xmlDeclaration, xmlElement, type XmlContent } from '../../wire/xml.ts'
import { AwsError, readBody, type AwsReply, type AwsRequest } from './aws-request.ts'

/** A call of a service that speaks AWS's query protocol. */
interface QueryCall {
  readonly request: AwsRequest
  readonly parameters: URLSearchParams
}

export type QueryAction = (call: QueryCall) => Promise<{ readonly [name: string]: XmlContent } | undefined>

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
  request.facts.operation = name
  const result = await action({ request, parameters: form })
  const body = result === undefined ? '' : xmlElement(`${name}Result`, result, 'member')
  const metadata = xmlElement('ResponseMetadata', { RequestId: request.id })
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `${xmlDeclaration}<${name}Response xmlns="${namespace}">${body}${metadata}</${name}Response>`,
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
