import { createHmac } from 'node:crypto'
import { createRandom } from '../../lib/random.ts'
import type { Detector } from './detector.ts'
import { EditedText, withFresh, type Edit } from './edits.ts'
import { SpanFinder } from './find-spans.ts'
import { flatLeaves, holdsJson, leavesOf, mayHold, writeLeaves, type JsonLeaf } from './json-leaves.ts'
import { JsonTexts } from './json-texts.ts'
import { KnownNames } from './known-names.ts'
import { patternDetector } from './pattern-detector.ts'
import { actionFor, detectorsOf, type RedactAction, type RedactPolicy } from './policy.ts'
import { shapeOf } from './shape-of.ts'
import { keyLead } from './structural-keys.ts'

export interface RedactionFinding {
  /** JSON pointer of the text; of a find in a key, that of its value. */
  readonly pointer: string
  /** Characters of the text, UTF-16 code units, `end` not included. */
  readonly start: number
  readonly end: number
  readonly kind: string
  readonly action: RedactAction
  /** The value with every letter as x and every digit as 9. */
  readonly shape: string
}

export interface RedactedJson {
  /** The JSON text with nothing else changed; undefined when the record is to be dropped. */
  readonly json: string | undefined
  readonly findings: readonly RedactionFinding[]
}

/** After so many, what is found in the outcome is left to be found again. */
const mostRounds = 8
const mostLeads = 10_000

/** Redacts JSON texts by a policy. */
export class Redactor {
  readonly #policy: RedactPolicy
  readonly #key: Uint8Array
  readonly #detectors: ReadonlyMap<string, Detector>
  readonly #finder: SpanFinder
  /** Words of keys: the same few in every record. */
  readonly #leads = new Map<string, string>()

  /**
   * @param key - of pseudonyms: with the same key, the same values get the same ones.
   * @throws HoneError `E_USAGE` when a pattern of the policy is not safe.
   */
  constructor(policy: RedactPolicy, key: Uint8Array) {
    this.#policy = policy
    this.#key = key
    const chosen = detectorsOf(policy)
    this.#detectors = new Map(chosen.map((detector) => [detector.kind, detector]))
    const own = (policy.mrn ?? []).map((pattern) => patternDetector(pattern))
    this.#finder = new SpanFinder(this.#detectors.has('mrn') ? [...own, ...chosen] : chosen, policy.country)
  }

  /**
   * Redacts one record, until nothing more is found in what comes out.
   *
   * @param json - valid JSON.
   * @throws HoneError `E_DATA` when it is nested deeper than 1,000 levels.
   */
  redact(json: string): RedactedJson {
    if (!this.#holdsAny(json, 0)) return { json, findings: [] }
    const leaves = leavesOf(json)
    const flat = [...flatLeaves(leaves)]
    const names = new KnownNames()
    const scope = this.#policy.pseudonyms === 'file' ? '' : json
    for (let round = 0; round < mostRounds; round++) {
      const known = names.size
      let changed = false
      for (const leaf of flat) changed = this.#look(leaf, names, scope) || changed
      if (!changed && names.size === known) break
    }
    const findings = flat.flatMap((leaf) => leaf.edits.map((edit) => this.#findingOf(leaf, edit, names)))
    if (findings.some(({ action }) => action === 'drop')) return { json: undefined, findings }
    const written = ({ literal, edits }: JsonLeaf): string => this.#edited(literal.value, edits, scope).text
    return { json: writeLeaves(json, leaves, written), findings }
  }

  /** The quick look that most records are done with. */
  #holdsAny(json: string, depth: number): boolean {
    const texts = new JsonTexts(json)
    for (const literal of texts) {
      const { key } = texts
      if (!mayHold(literal, key)) continue
      const { type, value } = literal
      if (type === 'string' && depth < 4 && holdsJson(value)) {
        if (this.#holdsAny(value, depth + 1)) return true
        continue
      }
      const lead = type === 'key' ? '' : this.#leadOf(key)
      if (this.#finder.find(lead === '' ? value : lead + value).length > 0) return true
    }
    return false
  }

  #leadOf(key: string): string {
    let lead = this.#leads.get(key)
    if (lead === undefined) {
      lead = keyLead(key)
      // A file may have new keys in every record.
      if (this.#leads.size < mostLeads) this.#leads.set(key, lead)
    }
    return lead
  }

  /** Looks at a text as it would come out; true where there is something new. */
  #look(leaf: JsonLeaf, names: KnownNames, scope: string): boolean {
    const { literal, edits } = leaf
    const lead = leaf.key === '' ? '' : this.#leadOf(leaf.key)
    const out = this.#edited(literal.value, edits, scope)
    const known = this.#detectors.has('name') && literal.type !== 'number' ? names.find(out.text) : []
    const found = this.#finder
      .find(lead + out.text)
      .flatMap(({ start, end, kind }) =>
        end <= lead.length ? [] : [{ start: Math.max(0, start - lead.length), end: end - lead.length, kind }],
      )
    const fresh = [...found, ...known].map((span) => out.sourceOf(span))
    for (const { start, end, kind } of fresh) {
      if (kind === 'name') names.add(literal.value.slice(start, end))
    }
    leaf.edits = withFresh(edits, fresh)
    return leaf.edits !== edits
  }

  #edited(text: string, edits: readonly Edit[], scope: string): EditedText {
    return new EditedText(text, edits, (value, edit) => this.#replacement(value, edit, scope))
  }

  #actionOf(kind: string): RedactAction {
    const detector = this.#detectors.get(kind)
    return detector === undefined ? 'replace' : actionFor(this.#policy, detector)
  }

  #replacement(value: string, { kind, plain }: Edit, scope: string): string {
    const action = this.#actionOf(kind)
    const detector = this.#detectors.get(kind)
    if (plain || detector === undefined || action === 'replace') return `[${kind.toUpperCase()}]`
    if (action !== 'pseudonym') return masked(value, detector.group === 'secret' ? 0 : 4)
    const drawn = (part: string): string => {
      const normalized = detector.normalized?.(part) ?? part.toLowerCase()
      const seed = createHmac('sha256', this.#key).update(JSON.stringify([scope, kind, normalized]))
      return detector.pseudonym(part, createRandom(seed.digest('hex')))
    }
    // A name word by word, so that the surname alone, further on, gets the same one.
    return kind === 'name' ? value.replaceAll(/[\p{L}\p{M}][\p{L}\p{M}'’-]*/gu, drawn) : drawn(value)
  }

  #findingOf(
    { pointer, literal }: JsonLeaf,
    { start, end, kind }: Edit,
    names: KnownNames,
  ): RedactionFinding {
    const shape = shapeOf(literal.value.slice(start, end))
    // A key can be somebody's address itself, and the report must not tell it.
    const tells = (part: string): boolean => this.#finder.find(part).length > 0 || names.find(part).length > 0
    const parts = pointer.split('/').map((part) => (tells(part) ? shapeOf(part) : part))
    return { pointer: parts.join('/'), start, end, kind, action: this.#actionOf(kind), shape }
  }
}

/** Every letter and digit a dot, but the last ones of nine digits and more. */
function masked(value: string, last: number): string {
  const shown = (value.match(/\d/g)?.length ?? 0) >= 9 ? last : 0
  let left = value.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  return value.replaceAll(/[\p{L}\p{N}]/gu, (character) => (left-- > shown ? '•' : character))
}
