const kept = 1024

/** JSON pointers to the messages of a list. Each is made once: a file of a million records names the same few. */
export class ElementPointers {
  readonly list: string
  readonly #roleKey: string
  readonly #contentKey: string
  readonly #roles: string[] = []
  readonly #contents: string[] = []

  constructor(list: string, roleKey = 'role', contentKey = 'content') {
    this.list = list
    this.#roleKey = roleKey
    this.#contentKey = contentKey
  }

  element(index: number): string {
    return `${this.list}/${index}`
  }

  role(index: number): string {
    return index < kept
      ? (this.#roles[index] ??= `${this.list}/${index}/${this.#roleKey}`)
      : `${this.list}/${index}/${this.#roleKey}`
  }

  content(index: number): string {
    return index < kept
      ? (this.#contents[index] ??= `${this.list}/${index}/${this.#contentKey}`)
      : `${this.list}/${index}/${this.#contentKey}`
  }
}
