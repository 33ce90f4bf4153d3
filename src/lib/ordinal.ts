/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(count: number): string {
  const [tens, ones] = [count % 100, count % 10]
  const ending =
    tens > 10 && tens < 14 ? 'th' : ones === 1 ? 'st' : ones === 2 ? 'nd' : ones === 3 ? 'rd' : 'th'
  return `${count.toLocaleString('en-US')}${ending}`
}
