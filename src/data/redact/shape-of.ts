const longest = 40

/** What a value looks like, without any of it: every letter an x, every digit a 9. */
export function shapeOf(value: string): string {
  const shape = value
    .slice(0, longest)
    .replaceAll(/\p{L}\p{M}*/gu, 'x')
    .replaceAll(/\p{N}/gu, '9')
    .replaceAll(/\s/g, ' ')
    .replaceAll(/[^\x20-\x7e]/g, '?')
  return value.length > longest ? `${shape}…` : shape
}
