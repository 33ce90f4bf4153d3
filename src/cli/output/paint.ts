import { styleText } from 'node:util'

/** Colours of one output stream: none unless it is a terminal, and none with `NO_COLOR` (no-color.org). */
export interface Paint {
  readonly error: (text: string) => string
  readonly warning: (text: string) => string
  readonly good: (text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
}

export function createPaint(isTerminal: boolean, env: NodeJS.ProcessEnv): Paint {
  const isPlain = !isTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
  const style =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      // The stream was looked at here; the function would look at standard output.
      isPlain ? text : styleText(format, text, { validateStream: false })
  return {
    error: style('red'),
    warning: style('yellow'),
    good: style('green'),
    faint: style('dim'),
    strong: style('bold'),
  }
}
