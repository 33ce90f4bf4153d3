/** The named parts of a path, such as `{ id: 'x' }` of `/jobs/:id` and `/jobs/x`; undefined where it is another path. */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/').filter(Boolean)
  const parts = path.split('/').filter(Boolean)
  if (wanted.length !== parts.length) return undefined
  const found: Record<string, string> = {}
  for (const [at, name] of wanted.entries()) {
    const part = decoded(parts[at] ?? '')
    if (part === undefined) return undefined
    if (name.startsWith(':')) found[name.slice(1)] = part
    else if (name !== part) return undefined
  }
  return found
}

/** Undefined for what is no text, such as `%E0%A4`. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
