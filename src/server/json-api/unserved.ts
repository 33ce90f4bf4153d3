import { ApiFault } from './api-fault.ts'

/** What the vendor of an API has and this server does not serve. */
export interface Unserved {
  /** As of a route; what lies below it belongs to it. */
  readonly path: string
  /** Without it all of them. */
  readonly method?: string
  /** Why, or what to use in its place. */
  readonly instead: string
}

/** Refuses what is known not to be served; undefined for what nobody has. */
export function unservedFault(all: readonly Unserved[], method: string, path: string): ApiFault | undefined {
  const segments = path.split('/')
  const found = all.find(
    (each) => (each.method ?? method) === method && isAtOrBelow(segments, each.path.split('/')),
  )
  return (
    found &&
    new ApiFault('not-found', `${method} ${path.slice(0, 200)} is not served here`, {
      code: 'not_served',
      hint: found.instead,
    })
  )
}

const isAtOrBelow = (segments: readonly string[], pattern: readonly string[]): boolean =>
  pattern.every((part, at) => (part.startsWith('{') ? segments[at] : segments[at] === part))
