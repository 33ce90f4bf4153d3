/** Slope of log time over log size by least squares: 1 is linear. */
export function exponentOf(
  points: readonly { readonly size: number; readonly milliseconds: number }[],
): number {
  const logs = points.map(({ size, milliseconds }) => [Math.log(size), Math.log(milliseconds)] as const)
  const mean = (of: (pair: readonly [number, number]) => number): number =>
    logs.reduce((sum, pair) => sum + of(pair), 0) / logs.length
  const [meanSize, meanTime] = [mean(([size]) => size), mean(([, time]) => time)]
  const covariance = mean(([size, time]) => (size - meanSize) * (time - meanTime))
  return covariance / mean(([size]) => (size - meanSize) ** 2)
}
