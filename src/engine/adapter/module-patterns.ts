import { runInNewContext } from 'node:vm'
import { HoneError, type ErrorPlace } from '../../core/errors.ts'

/** A pattern that somebody else wrote may take for ever on one name. */
const limitMilliseconds = 1000

/**
 * Which names a regular expression of Python matches as a whole.
 *
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a pattern that only Python understands, or that takes longer than a second
 */
export function fullMatches(pattern: string, names: readonly string[], at: ErrorPlace): readonly boolean[] {
  const place = { at, hint: 'list the modules by name in adapter_config.json instead' }
  const shown = JSON.stringify(pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern)
  let expression: RegExp
  try {
    const isCaseless = pattern.startsWith('(?i)')
    const body = (isCaseless ? pattern.slice(4) : pattern).replaceAll('(?P<', '(?<').replaceAll(/\\[AZ]/g, '')
    expression = new RegExp(`^(?:${body})$`, isCaseless ? 'i' : '')
  } catch (cause) {
    throw new HoneError('E_MODEL_UNSUPPORTED', `the pattern ${shown} cannot be read`, { ...place, cause })
  }
  try {
    const matches: unknown = runInNewContext(
      'names.map((name) => expression.test(name))',
      { names, expression },
      { timeout: limitMilliseconds },
    )
    return Array.from(matches as ArrayLike<boolean>)
  } catch (cause) {
    throw new HoneError('E_MODEL_UNSUPPORTED', `the pattern ${shown} takes longer than a second`, {
      ...place,
      cause,
    })
  }
}
