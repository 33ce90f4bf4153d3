import { expect, test } from 'vitest'
import { allOperations } from './contract/all-operations.ts'
import { createNativeApi } from './native-api.ts'
import type { NativeContext } from './native-context.ts'

const operations = Object.values(allOperations).flatMap((table) =>
  Object.values(table).map(({ id, method, path }) => `${id} ${method} ${path}`),
)

const shapeOf = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  `${method} ${path.replace(/[^/]+$/, '*')}`

test('every operation of the contract has a route, and no other has one', () => {
  const { routes } = createNativeApi({} as NativeContext)
  const served = routes.map(({ name, method, path }) => `${name} ${method} ${path}`)
  expect(operations.length).toBeGreaterThan(20)
  expect(served.toSorted()).toEqual([...operations, 'getOpenApi GET /api/openapi.json'].toSorted())
})

test('no two operations share a name, and a fixed path comes before one with a label', () => {
  const { routes } = createNativeApi({} as NativeContext)
  expect(new Set(routes.map(({ name }) => name)).size).toBe(routes.length)
  const hidden = routes.filter(
    (route, at) =>
      !route.path.endsWith('}') &&
      routes
        .slice(0, at)
        .some(({ method, path }) => path.endsWith('}') && shapeOf({ method, path }) === shapeOf(route)),
  )
  expect(hidden.map(({ path }) => path)).toEqual([])
})
