import type { z } from 'zod'
import { BodyFault } from './dialect-request.ts'

/** Checks a body against its schema. @throws BodyFault with the first thing that is wrong */
export function readWith<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const { success, data, error } = schema.safeParse(body)
  if (success) return data
  const [issue] = error.issues
  if (issue === undefined) throw new BodyFault('', 'the body is not valid')
  const { path, message, code } = deepest(issue)
  if (issue.code === 'unrecognized_keys') {
    const pointer = toPointer(path)
    throw new BodyFault(pointer, `extraneous key [${issue.keys[0] ?? ''}] is not permitted`)
  }
  throw new BodyFault(toPointer(path), message, code)
}

/** @throws BodyFault for a text with nothing in it to read, which the vendors do not take either */
export function refuseBlank(text: string, pointer: string): void {
  if (text.trim() === '')
    throw new BodyFault(pointer, 'the text is blank, it must contain non-whitespace text')
}

interface Place {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** The API's own name of what is wrong. */
  readonly code: string | undefined
}

/** Of alternatives that all fail, the failure that lies deepest is the one that was meant. */
function deepest(issue: z.core.$ZodIssue): Place {
  if (issue.code !== 'invalid_union') {
    const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined
    return { ...issue, code: typeof code === 'string' ? code : undefined }
  }
  const found = issue.errors
    .flat()
    .map((each) => {
      const inner = deepest(each)
      return { ...inner, path: [...issue.path, ...inner.path] }
    })
    .toSorted((a, b) => b.path.length - a.path.length)
  return found[0] ?? { ...issue, code: undefined }
}

const toPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
