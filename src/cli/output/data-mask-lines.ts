import { printableText } from '../../lib/printable-text.ts'
import type { DataMask, MaskedRecord, TokenState, TokenView } from '../../service/data/data-mask.ts'
import { countText, plural } from './number-text.ts'
import type { Paint } from './paint.ts'
import { labelled } from './labelled.ts'

/** What stands around the text of a state, with colours and without. */
const marks: Readonly<Record<TokenState, readonly [string, string]>> = {
  trained: ['⟦', '⟧'],
  masked: ['', ''],
  cut: ['⟪', '⟫'],
}

/** Records as the tokens that training sees. */
export function dataMaskLines(mask: DataMask, paint: Paint): string[] {
  const { file, model, limit, records } = mask
  const name = printableText(file)
  const colours = colourOf(paint)
  const key = [
    colours.trained('⟦trained⟧'),
    colours.masked('masked'),
    colours.cut(`⟪beyond the limit of ${countText(limit)} tokens⟫`),
    '⏎ a line break',
  ]
  return [
    `${name} · ${plural(records.length, 'record')} · as ${model} is trained`,
    ...labelled('key', [key.join(' · ')]),
    ...records.flatMap((record) => ['', ...recordLines(record, paint)]),
    '',
    ...labelled('next', [`hone data tokens ${name} --base ${model}`]),
  ]
}

function recordLines({ line, sequences, warnings, error }: MaskedRecord, paint: Paint): string[] {
  const at = paint.strong(`line ${countText(line)}`)
  if (error !== null) return [`${at} · ${paint.error(`not trained: ${printableText(error.message)}`)}`]
  return [
    ...sequences.flatMap((view) => [`${at} · ${countsText(view)}`, ...textLines(view, paint)]),
    ...warnings.map(
      ({ id, message }) => `  ${paint.warning('warning')}  ${printableText(message)}  ${paint.faint(id)}`,
    ),
  ]
}

function countsText({ answer, counts, tokens }: TokenView): string {
  return [
    ...(answer === 'only' ? [] : [`${answer} answer`]),
    plural(tokens.length, 'token'),
    `${countText(counts.trained)} trained`,
    `${countText(counts.masked)} masked`,
    ...(counts.cut === 0 ? [] : [`${countText(counts.cut)} beyond the limit`]),
  ].join(' · ')
}

/** Neighbours of one state are one run, so that it can be read. */
function textLines({ tokens }: TokenView, paint: Paint): string[] {
  const runs: { readonly state: TokenState; text: string }[] = []
  for (const { state, text } of tokens) {
    const last = runs.at(-1)
    if (last?.state === state) last.text += text
    else runs.push({ state, text })
  }
  const colours = colourOf(paint)
  const shown = runs.map(({ state, text }) => {
    const [before, after] = marks[state]
    const printable = printableText(text, { keepLines: true }).replaceAll('\n', '⏎\n')
    // Each line is coloured by itself: what pages or cuts the output must not lose a colour.
    return `${before}${printable}${after}`.split('\n').map(colours[state]).join('\n')
  })
  return shown
    .join('')
    .split('\n')
    .map((text) => `  ${text}`.trimEnd())
    .filter((text, at, all) => text !== '' || at < all.length - 1)
}

const colourOf = (paint: Paint): Readonly<Record<TokenState, (text: string) => string>> => ({
  trained: paint.good,
  masked: paint.faint,
  cut: paint.error,
})
