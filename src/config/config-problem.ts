import { HoneError, placeText, type ErrorPlace } from '../core/errors.ts'

export type KeyPath = readonly PropertyKey[]

/** One mistake in a configuration. */
export interface ConfigProblem {
  readonly path: KeyPath
  readonly message: string
  readonly hint?: string
}

/**
 * All problems as one refusal.
 *
 * @param placeOf - finds the place of a path; the file's line where it is known.
 */
export function configError(
  problems: readonly ConfigProblem[],
  placeOf: (path: KeyPath) => ErrorPlace,
): HoneError {
  const placed = problems
    .map((problem) => ({ ...problem, at: placeOf(problem.path) }))
    .toSorted((a, b) => (a.at.line ?? 0) - (b.at.line ?? 0))
  const [first] = placed
  const texts = placed.map(({ at, message, hint }) => {
    const text = hint === undefined ? message : `${message}; ${hint}`
    const { file: _, ...inFile } = at
    return { text, line: `${placeText(inFile)}  ${text}` }
  })
  const single = texts.length === 1 ? texts[0]?.text : undefined
  return new HoneError(
    'E_CONFIG',
    single ??
      [`${texts.length} problems in the configuration`, ...texts.map(({ line }) => line)].join('\n  '),
    { at: first?.at ?? {}, hint: 'every key is described in docs/configuration.md' },
  )
}

/** A path as a JSON pointer (RFC 6901). */
export function pointerOf(path: KeyPath): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
