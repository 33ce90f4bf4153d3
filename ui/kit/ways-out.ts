/** What a hint tells to call or to type, where the page has a view for it. */
export interface Way {
  readonly pattern: RegExp
  /** Its address and what the link says. @param name what the pattern's group found */
  readonly to: (name: string) => readonly [href: string, words: string]
}

const pathOf = (area: string, name: string): string => `/${area}/${encodeURIComponent(name)}`

const ways: readonly Way[] = [
  {
    pattern: /GET \/api\/(datasets|evaluations|jobs|models)(?![\w/])/,
    to: (area) => [`/${area}`, `the ${area}`],
  },
  { pattern: /GET \/api\/keys(?![\w/])|hone keys list/, to: () => ['/settings', 'the keys'] },
  { pattern: /POST \/api\/train(?![\w/])/, to: () => ['/train', 'train a model'] },
  { pattern: /POST \/api\/uploads(?![\w/])/, to: () => ['/datasets', 'add a file'] },
  { pattern: /POST \/api\/jobs\/([^\s/,]+)\/(?:stop|resume)/, to: (id) => [pathOf('jobs', id), 'the job'] },
  {
    pattern: /(?:DELETE \/api\/models\/|hone models remove )([^\s/,]+)(?: --force)?/,
    to: (id) => [pathOf('models', id), `the model ${id}`],
  },
  { pattern: /hone train --resume [^\s,]+/, to: () => ['/jobs', 'the jobs'] },
  { pattern: /hone models (?:list|pull [^\s,]+)/, to: () => ['/models', 'the models'] },
]

export type HintPiece = string | { readonly href: string; readonly words: string }

/**
 * A hint of the API, which also speaks to programs and to the command line, for visitors of the page: calls and commands that a view
 * stands for are links to it. What no view does stays as it is.
 *
 * @param here further ways, of the view that shows the hint
 */
export function hintPieces(hint: string, here: readonly Way[] = []): readonly HintPiece[] {
  const pieces: HintPiece[] = []
  let rest = hint
  for (;;) {
    const found = [...here, ...ways]
      .flatMap(({ pattern, to }) => {
        const match = pattern.exec(rest)
        return match === null ? [] : [{ match, to }]
      })
      .toSorted((one, other) => one.match.index - other.match.index)[0]
    if (found === undefined) break
    const { match, to } = found
    const [href, words] = to(match[1] ?? '')
    pieces.push(rest.slice(0, match.index), { href, words })
    rest = rest.slice(match.index + match[0].length)
  }
  return [...pieces, rest].filter((piece) => piece !== '')
}
