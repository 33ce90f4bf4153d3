import type { JsonObject, Message, Role, Tool } from '../../core/example.ts'
import { kindOf } from './record-format.ts'
import { readingRules, type ReadingRuleId, type Report } from './reading-rules.ts'

/** What a format has read of one record so far, with the JSON pointers of its parts, and all that is wrong with it. */
export class RecordDraft {
  readonly messages: Message[] = []
  /** Of each message: where its role stands. */
  readonly roleAt: string[] = []
  /** Of each message: where its content stands. */
  readonly contentAt: string[] = []
  /** One flag an assistant message. */
  readonly learned: boolean[] = []
  tools: readonly Tool[] | undefined
  parallelToolCalls: boolean | undefined
  rejected: string | undefined
  metadata: JsonObject | undefined
  label: string | undefined
  weight = 1
  /** True where only text may be read, calls of tools included: media are then reported as `record/unsupported`. */
  readonly textOnly: boolean
  /** An error was reported. */
  refused = false
  /** No turn is missing, so that their order can be judged. */
  complete = true
  readonly #report: Report

  constructor(report: Report, textOnly: boolean) {
    this.#report = report
    this.textOnly = textOnly
  }

  report(id: ReadingRuleId, pointer: string, message: string, hint?: string): void {
    if (readingRules[id].severity === 'error') {
      this.refused = true
      if (id !== 'content/empty' && id !== 'content/ill-formed') this.complete = false
    }
    this.#report(id, pointer, message, hint)
  }

  /** Takes a message in. */
  add(message: Message, roleAt: string, contentAt: string, learned = true): void {
    this.messages.push(message)
    this.roleAt.push(roleAt)
    this.contentAt.push(contentAt)
    if (message.role === 'assistant') this.learned.push(learned)
  }

  /** Says that something is more than text; true where that is not wanted. */
  refusesToTrain(pointer: string, what: string): boolean {
    if (this.textOnly) this.report('record/unsupported', pointer, `${what} cannot be trained`)
    return this.textOnly
  }

  /** A message that is one text field of the record. */
  addField(record: JsonObject, key: string, role: Role): void {
    const pointer = `/${key}`
    const content = this.text(record[key], pointer)
    if (content !== undefined) this.add({ role, content }, pointer, pointer)
  }

  /** The `system` field as text, where there is one; `null` counts as none. */
  addSystemField(record: JsonObject): void {
    if (record['system'] !== undefined && record['system'] !== null) this.addField(record, 'system', 'system')
  }

  /** The text of a content field, checked by itself; `undefined` when it was reported. */
  text(value: unknown, pointer: string, mayBeEmpty = false): string | undefined {
    if (typeof value !== 'string') {
      this.report('content/not-text', pointer, `the content must be text, this is ${kindOf(value)}`)
      return undefined
    }
    if (!mayBeEmpty && isBlank(value)) this.report('content/empty', pointer, 'the content is empty')
    if (!isWellFormed(value)) {
      this.report(
        'content/ill-formed',
        pointer,
        'the text holds half of a surrogate pair (\\ud800 to \\udfff alone)',
      )
    }
    return value
  }
}

/** As `trim() === ''`, without looking further than the first letter. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0)
  return first > 32 && first < 127 ? false : text.trim() === ''
}

// Node 20 has `isWellFormed`; ES2023, which the types follow, does not.
const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed()
