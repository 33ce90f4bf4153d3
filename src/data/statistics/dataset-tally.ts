import type { Example, Message, Role } from '../../core/example.ts'
import { isJsonObject } from '../records/record-format.ts'
import type { ExampleRow } from '../records/stream-examples.ts'
import { findLabels, labelReader, type LabelStatistics } from './label-statistics.ts'
import { LengthTally, type HistogramBar, type LengthSummary } from './length-tally.ts'
import { Sample } from './sample.ts'
import { hashText } from '../../lib/mix-hash.ts'
import { TextSet } from './text-set.ts'
import { ValueTally, type CountedValue } from './value-tally.ts'

/** What a file of examples holds, in numbers. Lengths are UTF-16 code units, as `String.length` counts. */
export interface DatasetStatistics {
  /** Lines or rows that hold a record. */
  readonly records: number
  /** Records with an error; all numbers below are of the others. */
  readonly refused: number
  /** Id of the first rule that refused a record → how many it refused. */
  readonly refusedBy: readonly CountedValue[]
  /** Messages by role. */
  readonly messages: Readonly<Record<Role, number>>
  /** Messages that are not the system's, for each record. */
  readonly turns: LengthSummary
  readonly characters: {
    readonly record: LengthSummary
    readonly system: LengthSummary
    readonly user: LengthSummary
    readonly answer: LengthSummary
    readonly histogram: readonly HistogramBar[]
  }
  readonly systemPrompts: {
    readonly records: number
    /** Up to 100. */
    readonly distinct: number
    readonly more: boolean
  }
  readonly labels: LabelStatistics | null
  /** Records that say the same in every message as one before. */
  readonly duplicates: number
  /** Records whose conversation before the answer is that of one before, whatever the answer. */
  readonly sameInput: number
  /** Records with a message that is empty or white space, those that were refused for it included. */
  readonly emptyMessages: number
  /** Records of which an answer is empty or white space, likewise. */
  readonly emptyAnswers: number
  readonly preferencePairs: number
  readonly weighted: number
  readonly tools: {
    readonly records: number
    readonly calls: number
    readonly results: number
    readonly names: readonly CountedValue[]
  }
  readonly media: { readonly records: number; readonly kinds: readonly CountedValue[] }
  readonly metadataKeys: readonly CountedValue[]
  /** Texts of a sample, for what is too slow to look at in every record. */
  readonly sample: readonly string[]
}

const sampledRecords = 1_000
const sampledCharacters = 500

/** Takes the records of a file one by one; keeps none of them. */
export class DatasetTally {
  readonly #labelOf: ReturnType<typeof labelReader>
  readonly #labelField: string | undefined
  readonly #labels = new ValueTally(1_000)
  readonly #answers = new ValueTally(1_000)
  readonly #refusedBy = new ValueTally(100)
  readonly #messages: Record<Role, number> = { system: 0, user: 0, assistant: 0, tool: 0 }
  readonly #turns = new LengthTally()
  readonly #record = new LengthTally()
  readonly #system = new LengthTally()
  readonly #user = new LengthTally()
  readonly #answer = new LengthTally()
  readonly #systemPrompts = new ValueTally(100)
  /** All inputs, each with a mark of what was said to it first. */
  readonly #inputs = new TextSet()
  /** Whole conversations whose input was there before with something else said to it. */
  readonly #others = new TextSet()
  readonly #said = { low: 0, high: 0 }
  readonly #toolNames = new ValueTally(100)
  readonly #mediaKinds = new ValueTally(20)
  readonly #metadataKeys = new ValueTally(100)
  readonly #sample = new Sample<string>(sampledRecords)
  #records = 0
  #refused = 0
  #emptyMessages = 0
  #emptyAnswers = 0
  #withSystem = 0
  #withTools = 0
  #withMedia = 0
  #pairs = 0
  #weighted = 0
  #calls = 0
  #longestAnswer = 0

  /** @param labelField field that holds the label: of the record, of its metadata, or of an answer that is JSON */
  constructor(labelField?: string) {
    this.#labelField = labelField
    this.#labelOf = labelReader(labelField)
  }

  add(row: ExampleRow): void {
    const { example, findings, record } = row
    this.#records++
    if (example === undefined) {
      this.#refused++
      this.#refusedBy.add(findings.find(({ severity }) => severity === 'error')?.id ?? 'unknown')
      this.#addRefusedEmpty(row)
      return
    }
    this.#addMessages(example)
    this.#addConversation(example)
    const label = this.#labelOf(example, record)
    if (label !== undefined) this.#labels.add(label)
    for (const key of keysOf(example, record)) this.#metadataKeys.add(key)
    if (example.rejected !== undefined) this.#pairs++
    if (example.weight !== undefined || example.learned !== undefined) this.#weighted++
    if (example.tools !== undefined && example.tools.length > 0) {
      this.#withTools++
      for (const { name } of example.tools) this.#toolNames.add(name)
    }
  }

  statistics(): DatasetStatistics {
    const accepted = this.#records - this.#refused
    return {
      records: this.#records,
      refused: this.#refused,
      refusedBy: this.#refusedBy.sorted(),
      messages: { ...this.#messages },
      turns: this.#turns.summary(),
      characters: {
        record: this.#record.summary(),
        system: this.#system.summary(),
        user: this.#user.summary(),
        answer: this.#answer.summary(),
        histogram: this.#record.histogram(),
      },
      systemPrompts: {
        records: this.#withSystem,
        distinct: this.#systemPrompts.distinct,
        more: this.#systemPrompts.others > 0,
      },
      labels: findLabels({
        field: this.#labelField,
        labels: this.#labels,
        answers: this.#answers,
        records: accepted,
        longestAnswer: this.#longestAnswer,
      }),
      duplicates: accepted - this.#inputs.size - this.#others.size,
      sameInput: accepted - this.#inputs.size,
      emptyMessages: this.#emptyMessages,
      emptyAnswers: this.#emptyAnswers,
      preferencePairs: this.#pairs,
      weighted: this.#weighted,
      tools: {
        records: this.#withTools,
        calls: this.#calls,
        results: this.#messages.tool,
        names: this.#toolNames.sorted(),
      },
      media: { records: this.#withMedia, kinds: this.#mediaKinds.sorted() },
      metadataKeys: this.#metadataKeys.sorted(),
      sample: this.#sample.items,
    }
  }

  #addMessages({ messages }: Example): void {
    let characters = 0
    let turns = 0
    let hasMedia = false
    let isEmpty = false
    let isEmptyAnswer = false
    for (const message of messages) {
      const { role, content } = message
      this.#messages[role]++
      characters += content.length
      if (role === 'system') {
        this.#withSystem++
        this.#system.add(content.length)
        // A prompt that differs in each record must not fill the memory.
        this.#systemPrompts.add(content.slice(0, 2_000))
      } else turns++
      if (role === 'user') this.#user.add(content.length)
      if (role === 'assistant') this.#answer.add(content.length)
      this.#calls += message.toolCalls?.length ?? 0
      for (const part of message.parts ?? []) {
        if (part.type !== 'media') continue
        hasMedia = true
        this.#mediaKinds.add(part.mediaType)
      }
      if (isBlank(message)) {
        isEmpty = true
        if (role === 'assistant') isEmptyAnswer = true
      }
    }
    this.#record.add(characters)
    this.#turns.add(turns)
    if (hasMedia) this.#withMedia++
    if (isEmpty) this.#emptyMessages++
    if (isEmptyAnswer) this.#emptyAnswers++
  }

  #addConversation({ messages, rejected }: Example): void {
    const last = messages.at(-1)
    const answer = last?.content ?? ''
    // Roles between the texts: ["a", "b c"] and ["a b", "c"] are not the same.
    const input = messages.slice(0, -1).map(identity).join('\u0000')
    const said = `${last === undefined ? '' : identity(last)}${rejected === undefined ? '' : `\u0000${rejected}`}`
    hashText(said, this.#said)
    const first = this.#inputs.add(input, this.#said.low)
    if (first !== undefined && first !== this.#said.low) this.#others.add(`${input}\u0000${said}`)
    if (answer.length > this.#longestAnswer) this.#longestAnswer = answer.length
    this.#answers.add(answer.slice(0, 200))
    this.#sample.offer(() => {
      const text = messages.findLast(({ role }) => role === 'user')?.content ?? answer
      return text.slice(0, sampledCharacters)
    })
  }

  #addRefusedEmpty({ findings, record }: ExampleRow): void {
    const empty = findings.filter(({ id }) => id === 'content/empty')
    if (empty.length === 0) return
    this.#emptyMessages++
    if (empty.some(({ at }) => isAnswerAt(record, at.pointer ?? ''))) this.#emptyAnswers++
  }
}

const isBlank = ({ content, parts, toolCalls }: Message): boolean =>
  content.trim() === '' && parts === undefined && toolCalls === undefined

function identity(message: Message): string {
  const { role, content, parts, toolCalls } = message
  const rest = parts === undefined && toolCalls === undefined ? '' : JSON.stringify([parts, toolCalls])
  return `${role}:${content}${rest}`
}

/** Whether a pointer such as `/messages/2/content` or `/output` names an answer. */
function isAnswerAt(record: unknown, pointer: string): boolean {
  const [, first = '', index = ''] = pointer.split('/')
  if (['output', 'completion', 'chosen', 'rejected', 'response', 'assistant'].includes(first)) return true
  const list = isJsonObject(record) ? record[first] : undefined
  const message: unknown = Array.isArray(list) ? list[Number(index)] : undefined
  return isJsonObject(message) && message['role'] === 'assistant'
}

const conversationKeys = new Set(
  (
    'messages system input output prompt completion chosen rejected preferred_output non_preferred_output ' +
    'conversations contents instruction tools parallel_tool_calls weight schemaVersion functions'
  ).split(' '),
)

function keysOf({ metadata }: Example, record: unknown): readonly string[] {
  if (metadata !== undefined) return Object.keys(metadata)
  return isJsonObject(record) ? Object.keys(record).filter((key) => !conversationKeys.has(key)) : []
}
