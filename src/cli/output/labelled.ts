/** Lines under a label in a column of ten, the label on the first one. */
export function labelled(label: string, lines: readonly string[]): string[] {
  return lines
    .flatMap((line) => line.split('\n'))
    .map((line, index) => `${(index === 0 ? label : '').padEnd(9)} ${line}`)
}
