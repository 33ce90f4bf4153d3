import type { z } from 'zod'
import { parseJson } from '../../lib/parse-json.ts'
import { readWith } from '../../wire/read-body.ts'
import { BodyFault } from '../../wire/dialect-request.ts'
import { ApiFault } from './api-fault.ts'

/** @throws ApiFault `invalid` for what is not JSON in UTF-8; BodyFault for what does not fit the schema */
export function readJsonBody<Body>(schema: z.ZodType<Body>, bytes: Uint8Array): Body {
  return readWith(schema, parsed(bytes))
}

function parsed(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {}
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new ApiFault('invalid', 'The body of the request is not valid JSON in UTF-8.', { cause })
  }
}

/** @throws ApiFault `invalid` that names the member of the query as `?name` */
export function readSearch<Query>(schema: z.ZodType<Query>, query: URLSearchParams): Query {
  const members = [...new Set(query.keys())].map((name): [string, string | string[]] => {
    const [first = '', ...rest] = query.getAll(name)
    return [name, rest.length === 0 ? first : [first, ...rest]]
  })
  try {
    return readWith(schema, Object.fromEntries(members))
  } catch (error) {
    if (!(error instanceof BodyFault)) throw error
    const pointer = error.pointer.replace(/^\//, '?')
    throw new ApiFault('invalid', error.message, { pointer, cause: error })
  }
}
