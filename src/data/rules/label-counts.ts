import { placeOf, type CheckRule } from '../check-rule.ts'
import { counted } from '../counted.ts'
import { excerpt } from '../excerpt.ts'
import { groupBy } from '../group-by.ts'

/** With the default test share of 0.15, a label needs 7 records for one of them to be tested. */
const rareBelow = 7

export const rareLabels: CheckRule = {
  id: 'label/rare',
  severity: 'warning',
  reason: 'A label with a handful of records is hardly learned, and its score rests on one or two rows.',
  *check({ examples, labelOf }) {
    if (labelOf === undefined) return
    for (const [label, group] of groupBy(examples, labelOf)) {
      if (group.length >= rareBelow) continue
      yield {
        at: placeOf(group[0]),
        message: `label ${excerpt(label)} occurs in ${counted(group.length, 'record')} only`,
        hint: `collect more of them, at least ${rareBelow}, or merge the label into another`,
      }
    }
  },
}

export const unreadableLabels: CheckRule = {
  id: 'label/unreadable',
  severity: 'error',
  reason: 'An answer without a label cannot be scored.',
  *check({ examples, labelOf }) {
    if (labelOf === undefined) return
    for (const example of examples) {
      if (labelOf(example) === undefined) {
        yield {
          at: placeOf(example),
          message: `no label can be read from the answer ${excerpt(example.messages.at(-1)?.content ?? '')}`,
        }
      }
    }
  },
}

export const undeclaredLabels: CheckRule = {
  id: 'label/undeclared',
  severity: 'error',
  reason: 'A label that the task does not list is a typing error, or the list is old.',
  *check({ examples, labelOf, labels }) {
    if (labelOf === undefined || labels === undefined) return
    for (const [label, group] of groupBy(examples, labelOf)) {
      if (labels.includes(label)) continue
      yield {
        at: placeOf(group[0]),
        message: `label ${excerpt(label)} (${counted(group.length, 'record')}) is not among the task's labels`,
        hint: 'correct the records, or add it to task.labels',
      }
    }
  },
}

export const unseenLabels: CheckRule = {
  id: 'label/unseen',
  severity: 'error',
  reason: 'A label that is asked for but never trained is never answered.',
  *check({ examples, labelOf, labels }) {
    if (labelOf === undefined || labels === undefined) return
    const found = new Set(examples.map(labelOf))
    for (const label of labels) {
      if (found.has(label)) continue
      yield {
        code: 'E_LABEL_UNSEEN',
        at: {},
        message: `label ${excerpt(label)} is declared, but no record has it`,
        hint: 'add records with this label, or take it out of task.labels',
      }
    }
  },
}
