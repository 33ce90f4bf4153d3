import type { Constraint } from '../../../core/chat-model.ts'
import type { Random } from '../../../lib/random.ts'
import { constraintLanguage } from '../compile-constraint.ts'
import { Expressions, nothing, type Expression } from '../expressions.ts'

const whiteSpace = new Set([0x09, 0x0a, 0x0d, 0x20])

/** A constraint, and the bytes that keep it. */
export interface Language {
  readonly expressions: Expressions
  readonly start: Expression
  readonly classes: Uint8Array
  /** Bytes of each class, white space apart. */
  readonly kinds: readonly (readonly number[])[]
}

export function languageOf(constraint: Constraint): Language {
  const expressions = new Expressions()
  const start = constraintLanguage(expressions, constraint)
  const classes = expressions.classes()
  const kinds = new Map<string, number[]>()
  for (const [byte, byteClass] of classes.entries()) {
    const kind = `${byteClass} ${whiteSpace.has(byte)}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), byte])
  }
  return { expressions, start, classes, kinds: [...kinds.values()] }
}

export function accepts({ expressions, start, classes }: Language, text: string): boolean {
  let state = start
  for (const byte of new TextEncoder().encode(text)) state = expressions.derivative(state, classes[byte] ?? 0)
  return expressions.isNullable(state)
}

/**
 * A text of a language, byte by byte at random, each kind of byte as likely as the others but for white space; undefined
 * where it has not ended after so many bytes.
 */
export function drawText(
  { expressions, start, classes, kinds }: Language,
  random: Random,
  most = 2000,
): string | undefined {
  const bytes: number[] = []
  let state = start
  const after = (byte: number): Expression => expressions.derivative(state, classes[byte] ?? 0)
  while (bytes.length < most) {
    const withSpace = random.next() < 0.1
    const open = kinds.filter(([byte = 0]) => after(byte) !== nothing && (withSpace || !whiteSpace.has(byte)))
    const ends = expressions.isNullable(state)
    if (open.length === 0 && !ends) continue
    const kind = open[random.integer(open.length + (ends ? 1 : 0))]
    if (kind === undefined) return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
    const byte = kind[random.integer(kind.length)] ?? 0
    bytes.push(byte)
    state = after(byte)
  }
  return undefined
}
