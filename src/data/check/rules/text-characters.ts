import type { JsonObject } from '../../../core/example.ts'
import { isJsonObject } from '../../records/record-format.ts'
import type { RecordRule } from '../rule.ts'

// JSON writes these as escapes, so that a line without a backslash and a "u" has none of them.
const needles = ['\\u']

export const controlCharacter: RecordRule = {
  id: 'text/control-character',
  severity: 'warning',
  reason: 'NUL and other control characters are leftovers of other programs, and some services refuse them.',
  needles,
  start: () => {
    return ({ turns }, report) => {
      for (const { text, pointer } of turns) {
        const at = text.search(controls)
        if (at < 0) continue
        const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
        report(
          pointer,
          `the text holds the control character U+${code}, at character ${at + 1}`,
          'take it away',
        )
      }
    }
  },
  fixWords: 'control characters other than tab, line feed and carriage return are taken away',
  fix: (record) => mapTexts(record, (text) => text.replaceAll(allControls, '')) as JsonObject,
}

/** C0 without tab, line feed and carriage return; DEL and C1. */
const controlClass = String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]`
const controls = new RegExp(controlClass, 'u')
const allControls = new RegExp(controlClass, 'gu')

export const loneSurrogate: RecordRule = {
  id: 'text/lone-surrogate',
  severity: 'error',
  reason: 'Half of a surrogate pair has no UTF-8 form, so no tokens.',
  needles,
  start({ profile }) {
    // Records for the own engine are read in full, which finds it.
    if (profile === undefined || profile.service === 'local') return undefined
    return ({ turns }, report) => {
      for (const { text, pointer } of turns) {
        if (/\p{Surrogate}/u.test(text)) {
          report(
            pointer,
            'the text holds half of a surrogate pair (\\ud800 to \\udfff alone)',
            'write the whole character',
          )
        }
      }
    }
  },
}

export const replacementCharacter: RecordRule = {
  id: 'text/replacement-character',
  severity: 'warning',
  reason: 'The character U+FFFD stands where a program could not decode a text: what it was is lost.',
  needles: ['\ufffd'],
  start: () => {
    return ({ turns }, report) => {
      for (const { text, pointer } of turns) {
        const at = text.indexOf('\ufffd')
        if (at >= 0)
          report(
            pointer,
            `the text holds U+FFFD at character ${at + 1}`,
            'convert the source again with its right encoding',
          )
      }
    }
  },
}

/** A JSON value with every text in it replaced, keys left as they are. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]))
}
