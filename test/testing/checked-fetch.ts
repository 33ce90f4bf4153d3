import { expect } from 'vitest'
import { allOperations } from '../../src/server/native/contract/all-operations.ts'
import { apiError } from '../../src/server/native/contract/common.ts'
import type { Operation } from '../../src/server/native/contract/operation.ts'

const operations = Object.values(allOperations).flatMap((table) => Object.values(table) as Operation[])

/** Fetches, and demands that a JSON answer of Hone's own API is what its contract says, no member more. */
export const checkedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  if (response.headers.get('content-type') !== 'application/json') return response
  const { pathname } = new URL(input instanceof Request ? input.url : input)
  const operation = operations.find(
    ({ method, path }) =>
      method === init?.method && new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  )
  if (operation === undefined) throw new Error(`${pathname} is not in the contract`)
  const { answer } = operation
  const schema = response.ok && (answer.kind === 'json' || answer.kind === 'steps') ? answer.schema : apiError
  const json: unknown = await response.clone().json()
  const parsed = schema.safeParse(json)
  expect({ id: operation.id, error: parsed.error }).toEqual({ id: operation.id, error: undefined })
  expect({ id: operation.id, json }).toEqual({ id: operation.id, json: parsed.data })
  return response
}
