import type { JsonValue } from '../../lib/canonical-json.ts'
import type { AwsRequest } from '../aws/aws-request.ts'
import type { BedrockContext } from './bedrock-context.ts'

/** A request of the control plane, read. */
interface OperationCall {
  readonly request: AwsRequest
  /** Labels of the path, decoded. */
  readonly labels: readonly string[]
  readonly query: Readonly<Record<string, string>>
  readonly input: JsonValue
  /** Carries out what has a token once; asked again, the first answer is given. */
  readonly replay: (
    token: string | undefined,
    act: () => Promise<Record<string, JsonValue>>,
  ) => Promise<Record<string, JsonValue>>
}

/** Gives the members of the answer. */
export type Operation = (context: BedrockContext, call: OperationCall) => Promise<object>

export interface Route {
  readonly name: string
  readonly method: string
  /** Segments; a star is a label. */
  readonly path: string
  readonly status: number
  readonly operation: Operation
}

/** The route of a raw path, and its labels decoded once. A label may hold an encoded slash. */
export function matchRoute<Each extends Pick<Route, 'method' | 'path'>>(
  routes: readonly Each[],
  method: string,
  path: string,
): { readonly route: Each; readonly labels: readonly string[] } | undefined {
  const segments = path.split('/').slice(1)
  for (const route of routes) {
    const pattern = route.path.split('/').slice(1)
    if (route.method !== method || pattern.length !== segments.length) continue
    const fits = pattern.every((part, at) => (part === '*' ? segments[at] !== '' : part === segments[at]))
    if (fits) return { route, labels: segments.filter((_, at) => pattern[at] === '*').map(decoded) }
  }
  return undefined
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
