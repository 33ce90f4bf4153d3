/**
 * One phrase a line: `text => fact => tag`. `{a|b}` is a choice, `<name>` a slot, and the fact (what decides the route,
 * used by the rationale) and the tag (where the phrase fits) may be missing.
 */
export function lines(source) {
  return source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [text, fact = '', tag = ''] = line.split(/ *=> */)
      return { text, fact, tag }
    })
}
