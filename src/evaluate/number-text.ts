import type { MetricTexts } from './metrics/metric.ts'
import type { Interval } from './statistics/interval.ts'

type Format = MetricTexts['format']

/** `93.8 %` or `0.92`. Never rounded to 100 % or 0 % unless it is exactly that. */
export function scoreText(value: number, format: Format): string {
  const minus = value < 0 ? '−' : ''
  const size = Math.abs(value)
  return `${minus}${format === 'percent' ? `${shareDigits(size * 100, 1, 100)} %` : shareDigits(size, 2, 1)}`
}

/** `87–97` in percent or `0.85–0.96`; one digit more when the interval is narrow. */
export function intervalText(interval: Interval, format: Format): string {
  const [lower, upper] = ends(interval, format)
  return `${lower}–${upper}`
}

/** `62.5 points`, `0.12 token F1`: the size of a difference. */
export function differenceText(value: number, metric: Pick<MetricTexts, 'format' | 'title'>): string {
  const size = Math.abs(value)
  return metric.format === 'percent'
    ? `${(size * 100).toFixed(1)} points`
    : `${size.toFixed(2)} ${metric.title}`
}

/** `51 to 73`, `−4 to 8`: the interval of a difference, in points for percent. */
export function differenceIntervalText(interval: Interval, format: Format): string {
  const [lower, upper] = ends(interval, format)
  return `${lower} to ${upper}`
}

/** `p < 0.001`, `p = 0.012`. */
export function pValueText(pValue: number): string {
  return pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toFixed(pValue < 0.1 ? 3 : 2)}`
}

/** `p = 0.012`, `p = 0.012, adjusted p = 0.048`: as the test gives it, and as it counts among several comparisons. */
export function testedText(pValue: number, adjusted: number): string {
  const [own, counted] = [pValueText(pValue), pValueText(adjusted)]
  return own === counted ? own : `${own}, adjusted ${counted}`
}

/** `95 %`. */
export const confidenceText = (confidence: number): string => `${Number((confidence * 100).toFixed(2))} %`

/** `0.42 s`, `18 ms`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 99.5) return `${milliseconds.toFixed(0)} ms`
  return `${(milliseconds / 1000).toFixed(milliseconds < 9995 ? 2 : 1)} s`
}

/** `$0.42`, `$12.40`, `$0.0031`: US dollars with two digits that count. */
export function costText(usd: number): string {
  const digits = usd >= 0.1 || usd === 0 ? 2 : Math.min(8, 1 - Math.floor(Math.log10(usd)))
  return `$${usd.toFixed(digits)}`
}

/** `12,345`. */
export const countText = (count: number): string => Math.round(count).toLocaleString('en-US')

/** `1,234 / 12`: means of tokens in and out; `– / –` where nobody counted them. */
export function tokensText(
  { prompt, completion }: { readonly prompt: number; readonly completion: number },
  text: (tokens: number) => string = countText,
): string {
  return prompt === 0 ? '– / –' : `${text(prompt)} / ${text(completion)}`
}

/** `1 row`, `2 rows`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

function ends({ lower, upper }: Interval, format: Format): [string, string] {
  const scale = format === 'percent' ? 100 : 1
  const narrow = (format === 'percent' ? 0 : 2) + (upper - lower < 0.05 ? 1 : 0)
  // Whether zero lies inside is what the reader looks for: an end beside it is not rounded to it.
  const hidesZero = (digits: number): boolean =>
    [lower, upper].some((end) => Math.abs(end) > 1e-9 && Number((end * scale).toFixed(digits)) === 0)
  const digits = narrow + (hidesZero(narrow) ? 1 : 0)
  return [signed(lower * scale, digits), signed(upper * scale, digits)]
}

/** With a real minus sign, and none before zero. */
function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

function shareDigits(value: number, digits: number, full: number): string {
  for (let more = digits; more < 12; more++) {
    const text = value.toFixed(more)
    const pretends = (Number(text) === 0 && value !== 0) || (Number(text) === full && value !== full)
    if (!pretends) return text
  }
  return String(value)
}
