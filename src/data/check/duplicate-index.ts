import { besideText } from './beside-text.ts'
import { GrownColumn } from './grown-column.ts'
import { TextHash } from './hash-text.ts'
import type { CheckRow } from './rule.ts'

/** Groups of which more than counts is kept. */
const describedGroups = 1_000
/** Different answers whose text is kept for messages. */
const keptOutcomes = 10_000
const longestOutcome = 80
/** What is expected may be wrong, so that no more than 64 MiB are taken for it. */
const mostExpectedBits = 24
/** White space is folded in inputs up to this length: a longer text hardly ever differs in nothing else. */
const foldedLength = 256

/** Records that are the same, of which the second stands at `second`. */
export interface ExactGroup {
  readonly first: number
  readonly second: number
  readonly records: number
}

/** Records with the same input, of which the one at `other` has another outcome than the one at `first`. */
export interface ContradictoryGroup {
  readonly first: number
  readonly other: number
  readonly records: number
  /** `undefined` where it was too long to be kept. */
  readonly firstOutcome: string | undefined
  readonly otherOutcome: string
}

/** A record in hashes. */
export interface RecordHash {
  /** Of what is asked. */
  readonly high: number
  readonly low: number
  /** Of the whole record. */
  readonly exact: number
  /** Of what is answered. */
  readonly outcome: number
  /** What is answered; of what is not the answer as it stands, only so much that it can be seen to be long. */
  readonly outcomeText: string
}

/** Hashes records for a `DuplicateIndex`; their hashes do not depend on one another. */
export class RecordHasher {
  readonly #hash = new TextHash()
  #system = { text: '', high: 0, low: 0 }

  /** `undefined` for a record of which no form reads anything: it says nothing that could be the same. */
  hash(row: CheckRow): RecordHash | undefined {
    const { turns, answer } = row
    const beside = besideText(row.record)
    if (turns.length === 0 && beside.input === '' && beside.answer === '') return undefined
    const hash = this.#hash
    let characters = answer?.text.length ?? 0
    this.#startWithSystem(turns[0]?.role === 'system' ? turns[0].text : '')
    for (const turn of turns) {
      if (turn === answer || (turn === turns[0] && turn.role === 'system')) continue
      hash.low ^= turn.role.charCodeAt(0) + (turn.learned ? 0 : 256)
      this.#addFolded(turn.text)
      characters += turn.text.length
    }
    if (beside.input !== '') hash.add(beside.input)
    const { high, low } = hash
    const answerText = beside.answer === '' ? (answer?.text ?? '') : `${answer?.text ?? ''}${beside.answer}`
    const outcomeText = row.label ?? trimmed(answerText)
    hash.add(outcomeText)
    const outcome = hash.low
    if (row.label !== undefined) hash.add(answerText)
    // Inputs that differ in white space alone are the same, records are not: they differ in length.
    const exact = hash.high ^ Math.imul(characters, 0x9e3779b1)
    return {
      high,
      low,
      exact,
      outcome,
      outcomeText: outcomeText === answer?.text ? outcomeText : outcomeText.slice(0, longestOutcome + 1),
    }
  }

  /** Adds a text with its white space folded. */
  #addFolded(text: string): void {
    const { high, low } = this.#hash
    const isSpaced = this.#hash.add(text)
    if (!isSpaced || text.length > foldedLength || !unfolded.test(text)) return
    this.#hash.high = high
    this.#hash.low = low
    this.#hash.add(text.replaceAll(/\s+/g, ' ').trim())
  }

  #startWithSystem(text: string): void {
    const known = this.#system
    if (text === known.text && known.low !== 0) {
      this.#hash.high = known.high
      this.#hash.low = known.low
      return
    }
    this.#hash.reset()
    this.#hash.add(text)
    this.#system = { text, high: this.#hash.high, low: this.#hash.low }
  }
}

/**
 * Finds records that are the same, and records with the same input but another outcome, in 27 bytes for each record. Texts
 * are compared by 64-bit hashes: among ten million records, the chance of one false finding is about 3 in a million.
 */
export class DuplicateIndex {
  /** Entry + 1, or 0 where there is none, in as many bits as number the slots; above them bits of the entry's hash. */
  #slots = new Uint32Array(2 ** 12)
  #entryBits = 12
  #size = 0
  /** Takes what `reach` reads, which would be left out as useless otherwise. */
  readonly #reached = new Int32Array(1)
  readonly #high = new GrownColumn()
  readonly #low = new GrownColumn()
  readonly #key = new GrownColumn()
  readonly #exact = new GrownColumn()
  readonly #outcome = new GrownColumn()
  /** Records of each entry up to 255; those of which there are more have their number in `#many`. */
  readonly #records = new GrownColumn(Uint8Array)
  readonly #many = new Map<number, number>()
  readonly #same = new Map<string, { first: number; second: number; records: number }>()
  #sameMore = 0
  readonly #others = new Map<string, number>()
  readonly #contradictions = new Map<number, { other: number; otherOutcome: string }>()
  #contradictionsMore = 0
  readonly #outcomes = new Map<number, string>()

  /** @param key place of the record, which is named in what is found */
  place(key: number, said: RecordHash): void {
    const { high, low } = said
    // Four times as long while that is small: placing everything anew costs more than memory that stands empty.
    if (this.#size >= this.#room) this.#grow(this.#entryBits + (this.#entryBits < 20 ? 2 : 1))
    const slot = this.#slotOf(high, low)
    const known = this.#entryIn(slot)
    if (known < 0) {
      const entry = this.#size++
      this.#fill(slot, low, entry)
      this.#high.set(entry, high)
      this.#low.set(entry, low)
      this.#key.set(entry, key)
      this.#exact.set(entry, said.exact)
      this.#outcome.set(entry, said.outcome)
      this.#records.set(entry, 1)
      this.#keepOutcome(said.outcome, said.outcomeText)
      return
    }
    this.#count(known)
    this.#again(known, key, said)
  }

  #count(entry: number): void {
    const records = this.#recordsOf(entry) + 1
    if (records > 255) this.#many.set(entry, records)
    else this.#records.set(entry, records)
  }

  #recordsOf(entry: number): number {
    const records = this.#records.get(entry)
    return records < 255 ? records : (this.#many.get(entry) ?? records)
  }

  #again(entry: number, key: number, said: RecordHash): void {
    const name = `${entry}/${said.exact}`
    const first = said.exact === this.#exact.get(entry) ? this.#key.get(entry) : this.#others.get(name)
    if (first === undefined) {
      if (this.#others.size < 100 * describedGroups) this.#others.set(name, key)
    } else {
      const group = this.#same.get(name)
      if (group !== undefined) group.records++
      else if (this.#same.size < describedGroups) this.#same.set(name, { first, second: key, records: 2 })
      else this.#sameMore++
    }
    if (said.outcome === this.#outcome.get(entry) || this.#contradictions.has(entry)) return
    if (this.#contradictions.size < describedGroups) {
      this.#contradictions.set(entry, { other: key, otherOutcome: said.outcomeText.slice(0, longestOutcome) })
    } else this.#contradictionsMore++
  }

  #keepOutcome(hash: number, text: string): void {
    if (text.length <= longestOutcome && this.#outcomes.size < keptOutcomes && !this.#outcomes.has(hash)) {
      this.#outcomes.set(hash, text)
    }
  }

  /** Makes room for so many records with different inputs, so that it need not grow on the way. */
  expect(records: number): void {
    const bits = Math.min(mostExpectedBits, Math.ceil(Math.log2((4 / 3) * records + 1)))
    if (bits > this.#entryBits) this.#grow(bits)
  }

  /**
   * Reads the slots of records that come next: the memory of many is waited for at once, where `place` would wait for each.
   *
   * @param numbers with `high` and `low` of a record at `first`, and of the others at each `width` further, before `end`
   */
  reach(numbers: Int32Array, first: number, end: number, width: number): void {
    const slots = this.#slots
    const mask = slots.length - 1
    let read = 0
    for (let at = first; at < end; at += width)
      read ^= slots[(numbers[at]! ^ (numbers[at + 1]! >>> 7)) & mask]!
    this.#reached[0] = read
  }

  get #room(): number {
    return 0.75 * this.#slots.length
  }

  /** -1 where there is none. */
  #entryIn(slot: number): number {
    return (this.#slots[slot]! & (this.#slots.length - 1)) - 1
  }

  #fill(slot: number, low: number, entry: number): void {
    this.#slots[slot] = (low << this.#entryBits) | (entry + 1)
  }

  #slotOf(high: number, low: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    const bits = this.#entryBits
    for (let slot = (high ^ (low >>> 7)) & mask; ; slot = (slot + 1) & mask) {
      const value = slots[slot]!
      if (value === 0) return slot
      // The entry itself lies elsewhere in memory, which takes longer to reach than all the rest.
      if (((value ^ (low << bits)) & ~mask) !== 0) continue
      const entry = (value & mask) - 1
      if (this.#high.get(entry) === high && this.#low.get(entry) === low) return slot
    }
  }

  #grow(bits: number): void {
    this.#entryBits = bits
    this.#slots = new Uint32Array(2 ** bits)
    for (let entry = 0; entry < this.#size; entry++) {
      const low = this.#low.get(entry)
      this.#fill(this.#slotOf(this.#high.get(entry), low), low, entry)
    }
  }

  /** Groups of equal records. */
  exactGroups(): { readonly groups: readonly ExactGroup[]; readonly more: number } {
    return { groups: [...this.#same.values()], more: this.#sameMore }
  }

  contradictoryGroups(): { readonly groups: readonly ContradictoryGroup[]; readonly more: number } {
    const groups = [...this.#contradictions].map(([entry, { other, otherOutcome }]) => ({
      first: this.#key.get(entry),
      other,
      records: this.#recordsOf(entry),
      firstOutcome: this.#outcomes.get(this.#outcome.get(entry)),
      otherOutcome,
    }))
    return { groups, more: this.#contradictionsMore }
  }
}

/** What folding changes. */
const unfolded = /\s\s|[^\S ]|^ | $/

/** Trimmed where it begins or ends with white space; a copy of every answer would cost more than its hash. */
function trimmed(text: string): string {
  const isSpaced =
    text.charCodeAt(0) <= 0x20 ||
    text.charCodeAt(text.length - 1) <= 0x20 ||
    text.charCodeAt(text.length - 1) > 0x7f
  return isSpaced ? text.trim() : text
}
