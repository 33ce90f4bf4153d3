import { HoneError } from '../../core/errors.ts'
import { utf8Of, type CodePoints } from './code-points.ts'
import { nothing, type Expression, type Expressions } from './expressions.ts'
import { anyText, parsePattern, type Pattern } from './pattern.ts'

/** How one character out of a set is written. */
export type WriteCharacter = (expressions: Expressions, set: CodePoints) => Expression

export interface PatternOptions {
  /** Default UTF-8. */
  readonly write?: WriteCharacter
  /** Whether a text matches that has a match in it, as in JSON Schema. Default: all of it must match. */
  readonly anywhere?: boolean
}

/**
 * The texts that match a regular expression.
 *
 * @throws HoneError `E_CONSTRAINT` where it cannot be kept, or nothing matches
 */
export function patternLanguage(
  expressions: Expressions,
  source: string,
  { write = utf8Of, anywhere = false }: PatternOptions = {},
): Expression {
  const pattern = parsePattern(source)
  const branches = branchesOf(pattern).map((branch) => {
    const starts = branch[0]?.type === 'start'
    const ends = branch.length > (starts ? 1 : 0) && branch.at(-1)?.type === 'end'
    const inner = branch.slice(starts ? 1 : 0, ends ? -1 : undefined)
    return [
      ...(anywhere && !starts ? [anyText] : []),
      ...inner,
      ...(anywhere && !ends ? [anyText] : []),
    ] satisfies Pattern[]
  })
  const toExpression = (part: Pattern): Expression => {
    if (part.type === 'characters') return write(expressions, part.set)
    if (part.type === 'sequence') return expressions.sequence(...part.parts.map(toExpression))
    if (part.type === 'choice') return expressions.choice(...part.parts.map(toExpression))
    if (part.type === 'repeat') {
      return expressions.repeat(toExpression(part.inner), part.least, part.most)
    }
    throw new HoneError(
      'E_CONSTRAINT',
      `the pattern ${JSON.stringify(source)} cannot be kept: an anchor stands inside`,
      { hint: 'write ^ and $ at the ends of the pattern, or of its alternatives' },
    )
  }
  const language = expressions.choice(...branches.map((parts) => toExpression({ type: 'sequence', parts })))
  if (language !== nothing) return language
  throw new HoneError('E_CONSTRAINT', `nothing matches the pattern ${JSON.stringify(source)}`, {
    hint: 'mend the pattern',
  })
}

/** Alternatives at the top, each as what follows one another in it, so that their anchors stand at their ends. */
function branchesOf(pattern: Pattern): readonly (readonly Pattern[])[] {
  if (pattern.type === 'choice') return pattern.parts.flatMap(branchesOf)
  if (pattern.type !== 'sequence') return [[pattern]]
  const { parts } = pattern
  const [only] = parts
  return parts.length === 1 && (only?.type === 'choice' || only?.type === 'sequence')
    ? branchesOf(only)
    : [parts]
}
