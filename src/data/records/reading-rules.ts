import type { Severity } from '../finding.ts'

/** A rule's name and what stands behind it. */
export interface RuleDescription {
  readonly severity: Severity
  /** Why the rule is there, one sentence. */
  readonly reason: string
}

/** The rules that are applied while a file is read, by id. A record that breaks one with severity `error` is refused. */
export const readingRules: Readonly<Record<ReadingRuleId, RuleDescription>> = {
  'file/blank-line': { severity: 'note', reason: 'Blank lines are skipped; they are not records.' },
  'file/encoding': { severity: 'note', reason: 'Text in UTF-16 is decoded, and that is said.' },
  'json/encoding': { severity: 'error', reason: 'A record is UTF-8 text; other bytes would be guessed at.' },
  'json/too-long': {
    severity: 'error',
    reason: 'A line over 16 MiB is no conversation that a model can hold.',
  },
  'json/syntax': { severity: 'error', reason: 'Each line is one JSON value (https://jsonlines.org).' },
  'record/not-object': { severity: 'error', reason: 'A record is a JSON object.' },
  'record/unknown-format': { severity: 'error', reason: 'A record must show which known form it has.' },
  'record/unsupported': {
    severity: 'error',
    reason: 'Leaving out what a record holds would teach something else than the file says.',
  },
  'record/weight': {
    severity: 'error',
    reason: 'The weight of a record says how much it counts; none of its answers may count for nothing.',
  },
  'record/same-answers': {
    severity: 'error',
    reason: 'A preference between two equal answers teaches nothing.',
  },
  'record/ignored-key': { severity: 'warning', reason: 'What is not read from a record is said.' },
  'record/mixed-formats': {
    severity: 'warning',
    reason: 'Two forms in one file are often two files in one.',
  },
  'table/row': { severity: 'error', reason: 'A row has as many cells as the table has columns.' },
  'content/part': {
    severity: 'error',
    reason: 'A part of a message that is not read would be missing from what is learned.',
  },
  'tools/definition': { severity: 'error', reason: 'A tool has a name, and its arguments a JSON Schema.' },
  'tools/call': {
    severity: 'error',
    reason: 'A call names a tool and gives its arguments as a JSON object.',
  },
  'tools/result': { severity: 'error', reason: 'Every call has one result, in the messages right after it.' },
  'record/label': { severity: 'error', reason: 'A label is a text, a number or null.' },
  'roles/missing': { severity: 'error', reason: 'A conversation needs at least a question and an answer.' },
  'roles/unknown': { severity: 'error', reason: 'A message comes from system, user, assistant or a tool.' },
  'roles/system-first': {
    severity: 'error',
    reason: 'Chat templates place one system message, at the start.',
  },
  'roles/first-user': { severity: 'error', reason: 'Chat templates and services let the user speak first.' },
  'roles/alternation': {
    severity: 'error',
    reason: 'Chat templates and services let user and assistant alternate.',
  },
  'roles/last-assistant': { severity: 'error', reason: 'The last message is the answer that is learned.' },
  'content/not-text': { severity: 'error', reason: 'Only text is trained.' },
  'content/empty': { severity: 'error', reason: 'An empty message teaches the model to say nothing.' },
  'content/ill-formed': {
    severity: 'error',
    reason: 'Text with half of a surrogate pair has no UTF-8 form, so no tokens.',
  },
}

export type ReadingRuleId =
  | 'file/blank-line'
  | 'json/encoding'
  | 'json/too-long'
  | 'json/syntax'
  | 'record/not-object'
  | 'record/unknown-format'
  | 'record/unsupported'
  | 'record/weight'
  | 'record/same-answers'
  | 'record/ignored-key'
  | 'record/mixed-formats'
  | 'file/encoding'
  | 'table/row'
  | 'content/part'
  | 'tools/definition'
  | 'tools/call'
  | 'tools/result'
  | 'record/label'
  | 'roles/missing'
  | 'roles/unknown'
  | 'roles/system-first'
  | 'roles/first-user'
  | 'roles/alternation'
  | 'roles/last-assistant'
  | 'content/not-text'
  | 'content/empty'
  | 'content/ill-formed'

/** Reports that a reading rule is broken at a JSON pointer into the record. */
export type Report = (id: ReadingRuleId, pointer: string, message: string, hint?: string) => void
