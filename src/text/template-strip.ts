import { pythonStrip } from './python-strip.ts'

const sides = { strip: 'both', lstrip: 'start', rstrip: 'end' } as const
type Method = keyof typeof sides

/** The names hold a point, so that no template can have a variable of that name. */
const functionName = (method: Method | 'trim'): string => `str.${method}`

/** What `usePythonStrip` makes a template call. */
export const stripFunctions: Readonly<Record<string, (...args: readonly unknown[]) => string>> = {
  [functionName('trim')]: (value, characters) => pythonStrip(pythonText(value), charactersOf(characters)),
  ...Object.fromEntries(
    Object.entries(sides).map(([method, side]) => [
      `str.${method}`,
      (value: unknown, characters: unknown) => {
        if (typeof value !== 'string') throw new Error(`${method}() needs a text`)
        return pythonStrip(value, charactersOf(characters), side)
      },
    ]),
  ),
}

/**
 * Makes a parsed template strip as Python does: `strip`, `lstrip`, `rstrip` and the `trim` filter become calls of
 * `stripFunctions`. The library's own take JavaScript's white space whatever characters they are given.
 */
export function usePythonStrip(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(usePythonStrip)
  if (node instanceof Map) return [...node.entries()].forEach(usePythonStrip)
  if (!isNode(node)) return
  for (const value of Object.values(node)) usePythonStrip(value)
  const call = strippingCall(node)
  if (call === undefined) return
  for (const key of Object.keys(node)) Reflect.deleteProperty(node, key)
  Object.assign(node, {
    type: 'CallExpression',
    callee: { type: 'Identifier', value: functionName(call.method) },
    args: call.args,
  })
}

interface Node {
  readonly type?: unknown
  readonly [key: string]: unknown
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

function strippingCall(node: Node): { method: Method | 'trim'; args: readonly unknown[] } | undefined {
  if (node.type === 'FilterExpression') {
    const { operand, filter } = node
    if (isNamed(filter, 'trim')) return { method: 'trim', args: [operand] }
    if (isNode(filter) && filter.type === 'CallExpression' && isNamed(filter['callee'], 'trim')) {
      return { method: 'trim', args: [operand, ...argumentsOf(filter)] }
    }
  }
  if (node.type !== 'CallExpression' || !isNode(node['callee'])) return undefined
  const { type, object, property, computed } = node['callee']
  const method = (Object.keys(sides) as Method[]).find((name) => isNamed(property, name))
  return type === 'MemberExpression' && computed === false && method !== undefined
    ? { method, args: [object, ...argumentsOf(node)] }
    : undefined
}

function isNamed(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node['value'] === name
}

function argumentsOf(call: Node): readonly unknown[] {
  const args: unknown = call['args']
  return Array.isArray(args) ? args : []
}

function charactersOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw new Error('the characters to strip must be a text')
}

/** Python's `str` of what a template may trim. */
function pythonText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value === undefined) return ''
  if (value === null) return 'None'
  throw new Error('only a text can be trimmed')
}
