/** Whether two values that JSON can hold are the same, whatever their members are called; the order of members says nothing. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every(
      (name) =>
        Object.hasOwn(right, name) &&
        sameJson((left as Record<string, unknown>)[name], (right as Record<string, unknown>)[name]),
    )
  )
}
