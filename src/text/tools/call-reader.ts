import type { Tool } from '../../core/example.ts'
import type { CallForm, ReadAnswer } from './call-form.ts'

/** Reads the calls out of an answer that comes in pieces. */
export class CallReader {
  readonly #form: CallForm
  readonly #names: ReadonlySet<string>
  #held = ''
  /** Text was given out: a form whose calls are the whole answer cannot follow any more. */
  #isText = false

  constructor(form: CallForm, tools: readonly Tool[]) {
    this.#form = form
    this.#names = new Set(tools.map(({ name }) => name))
  }

  /** The text that has become certain to be no call. */
  push(piece: string): string {
    if (this.#isText && this.#form.id !== 'tags') return piece
    this.#held += piece
    const from = this.#form.firstCall(this.#held)
    const text = this.#held.slice(0, from)
    this.#held = this.#held.slice(from)
    this.#isText ||= text !== ''
    return text
  }

  /** What is left when the answer has ended: calls, and text that turned out to be none. */
  end(): ReadAnswer {
    const answer = this.#held
    this.#held = ''
    return this.#form.read(answer, (name) => this.#names.has(name))
  }
}
