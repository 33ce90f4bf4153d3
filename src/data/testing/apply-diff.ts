/** Applies a unified diff without context to a text, as `patch` does. */
export function applyDiff(text: string, diff: string): string {
  const lines = text.split('\n')
  const out: string[] = []
  let next = 0
  const parts = diff.split('\n')
  for (let at = 2; at < parts.length; at++) {
    const hunk = /^@@ -(\d+) \+\d+(,0)? @@$/.exec(parts[at] ?? '')
    if (hunk === null) continue
    const line = Number(hunk[1]) - 1
    out.push(...lines.slice(next, line))
    const removed = parts[++at]
    if (removed !== `-${lines[line]}`) throw new Error(`line ${line + 1} is another one: ${removed}`)
    if (parts[at + 1]?.startsWith('\\') === true) at++
    if (hunk[2] === undefined) out.push((parts[++at] ?? '').slice(1))
    next = line + 1
  }
  out.push(...lines.slice(next))
  return out.join('\n')
}
