/** Who a request comes from. */
export interface Identity {
  /** Id of the key that signed. */
  readonly keyId: string
  /** Name of the user that the key belongs to. */
  readonly user: string
  /** Twelve digits. */
  readonly account: string
  /** ARN as STS answers it. */
  readonly arn: string
  /** What the key may do: patterns such as `invoke:*`; everything by default. */
  readonly allow: readonly string[]
}

/**
 * True when one of the patterns covers the action on the resource. A pattern is `ACTION` or `ACTION:RESOURCE`; a star
 * stands for any text.
 */
export function isAllowed({ allow }: Pick<Identity, 'allow'>, action: string, resource: string): boolean {
  return allow.some((pattern) => {
    const at = pattern.indexOf(':')
    const [actions, resources] = at === -1 ? [pattern, '*'] : [pattern.slice(0, at), pattern.slice(at + 1)]
    return covers(actions, action) && covers(resources, resource)
  })
}

/** Glob match in linear time: each piece between stars is found once, from left to right. */
function covers(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === text
  if (!text.startsWith(first)) return false
  const last = rest.pop() ?? ''
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
