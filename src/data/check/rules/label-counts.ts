import { counted } from '../../counted.ts'
import { excerpt } from '../../excerpt.ts'
import type { SetRule } from '../rule.ts'

/** With the default test share of 0.15, a label needs 7 records for one of them to be tested. */
const rareBelow = 7

export const rareLabels: SetRule = {
  id: 'label/rare',
  severity: 'warning',
  reason: 'A label with a handful of records is hardly learned, and its score rests on one or two rows.',
  start: (settings, { labels }) => ({
    *finish() {
      if (settings.labelOf === undefined && !labels.looksLikeLabels) return
      for (const [label, { count, first }] of labels.labels) {
        if (count >= rareBelow) continue
        yield {
          at: settings.placeOf(first),
          message: `label ${excerpt(label)} occurs in ${counted(count, 'record')} only`,
          hint: `collect more of them, at least ${rareBelow}, or merge the label into another`,
        }
      }
    },
  }),
}

export const unreadableLabels: SetRule = {
  id: 'label/unreadable',
  severity: 'error',
  reason: 'An answer without a label cannot be scored.',
  start({ labelOf, placeOf }) {
    if (labelOf === undefined) return undefined
    const unreadable: { readonly key: number; readonly answer: string }[] = []
    let more = 0
    return {
      take({ label, key, answer }) {
        if (label !== undefined) return
        if (unreadable.length < 1_000) unreadable.push({ key, answer: excerpt(answer?.text ?? '') })
        else more++
      },
      *finish() {
        for (const { key, answer } of unreadable) {
          yield { at: placeOf(key), message: `no label can be read from the answer ${answer}` }
        }
        if (more > 0) yield { at: {}, message: `no label can be read from ${counted(more, 'more answer')}` }
      },
    }
  },
}

export const undeclaredLabels: SetRule = {
  id: 'label/undeclared',
  severity: 'error',
  reason: 'A label that the task does not list is a typing error, or the list is old.',
  start({ labelOf, labels: declared, placeOf }, { labels }) {
    if (labelOf === undefined || declared === undefined) return undefined
    return {
      *finish() {
        for (const [label, { count, first }] of labels.labels) {
          if (declared.includes(label)) continue
          yield {
            at: placeOf(first),
            message: `label ${excerpt(label)} (${counted(count, 'record')}) is not among the task's labels`,
            hint: 'correct the records, or add it to task.labels',
          }
        }
      },
    }
  },
}

export const unseenLabels: SetRule = {
  id: 'label/unseen',
  severity: 'error',
  reason: 'A label that is asked for but never trained is never answered.',
  start({ labelOf, labels: declared }, { labels }) {
    if (labelOf === undefined || declared === undefined) return undefined
    return {
      *finish() {
        for (const label of declared) {
          if (labels.labels.has(label)) continue
          yield {
            code: 'E_LABEL_UNSEEN',
            at: {},
            message: `label ${excerpt(label)} is declared, but no record has it`,
            hint: 'add records with this label, or take it out of task.labels',
          }
        }
      },
    }
  },
}
