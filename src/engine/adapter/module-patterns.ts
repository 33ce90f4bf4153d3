import { runInNewContext } from 'node:vm'
import { HoneError, type ErrorPlace } from '../../core/errors.ts'

/** Patterns that somebody else wrote may take for ever on one name. */
const limitMilliseconds = 1000

/**
 * Which names regular expressions of Python match as a whole.
 *
 * @returns for each pattern, one answer a name
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a pattern that only Python understands, or when all of them together take
 *   longer than a second
 */
export function fullMatches(
  patterns: readonly string[],
  names: readonly string[],
  at: ErrorPlace,
): readonly (readonly boolean[])[] {
  const expressions = patterns.map((pattern) => toExpression(pattern, at))
  try {
    const matches: unknown = runInNewContext(
      'expressions.map((expression) => names.map((name) => expression.test(name)))',
      { names, expressions },
      { timeout: limitMilliseconds },
    )
    return Array.from(matches as ArrayLike<ArrayLike<boolean>>, (each) => Array.from(each))
  } catch (cause) {
    throw new HoneError('E_MODEL_UNSUPPORTED', 'the patterns of its modules take longer than a second', {
      at,
      hint,
      cause,
    })
  }
}

const hint = 'list the modules by name in adapter_config.json instead'

function toExpression(pattern: string, at: ErrorPlace): RegExp {
  try {
    const isCaseless = pattern.startsWith('(?i)')
    const body = (isCaseless ? pattern.slice(4) : pattern).replaceAll('(?P<', '(?<').replaceAll(/\\[AZ]/g, '')
    return new RegExp(`^(?:${body})$`, isCaseless ? 'i' : '')
  } catch (cause) {
    const shown = JSON.stringify(pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern)
    throw new HoneError('E_MODEL_UNSUPPORTED', `the pattern ${shown} cannot be read`, { at, hint, cause })
  }
}
