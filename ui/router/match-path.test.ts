import { expect, test } from 'vitest'
import { matchPath } from './match-path.ts'

test('names the parts of a path', () => {
  expect(matchPath('/jobs/:id', '/jobs/a%20b')).toEqual({ id: 'a b' })
  expect(matchPath('/', '/')).toEqual({})
  expect(matchPath('/datasets/:id/rows/:at', '/datasets/x@1/rows/7/')).toEqual({ id: 'x@1', at: '7' })
})

test('another path, and one that is no text, is not it', () => {
  expect(matchPath('/jobs/:id', '/jobs')).toBeUndefined()
  expect(matchPath('/jobs/:id', '/models/x')).toBeUndefined()
  expect(matchPath('/jobs/:id', '/jobs/%E0%A4')).toBeUndefined()
})
