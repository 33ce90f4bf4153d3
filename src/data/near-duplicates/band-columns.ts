import { ScratchFile } from '../../lib/scratch-file.ts'

/** Keys of one band that are gathered before they are written. */
const buffered = 2 ** 14

/** The key of each text in each band, band after band; only one band is in memory where there are many texts. */
export class BandColumns implements Disposable {
  readonly #bands: number
  readonly #texts: number
  /** `[bands, texts]`, or of the last texts only, `[bands, buffered]`. */
  readonly #keys: Uint32Array
  readonly #width: number
  readonly #file: ScratchFile | undefined
  readonly #column: Uint32Array
  #next = 0

  /** @param inMemory false keeps the keys in a temporary file */
  constructor(bands: number, texts: number, inMemory: boolean) {
    this.#bands = bands
    this.#texts = texts
    this.#width = inMemory ? texts : buffered
    this.#keys = new Uint32Array(bands * this.#width)
    this.#file = inMemory ? undefined : new ScratchFile()
    this.#column = new Uint32Array(inMemory ? 0 : texts)
  }

  /** Takes the keys of the next text, one a band. */
  push(keys: Uint32Array): void {
    const place = this.#next % this.#width
    for (let band = 0; band < this.#bands; band++) this.#keys[band * this.#width + place] = keys[band]!
    this.#next++
    if (this.#file !== undefined && place === this.#width - 1) this.#flush(this.#next - this.#width)
  }

  #flush(first: number): void {
    const count = this.#next - first
    for (let band = 0; band < this.#bands; band++) {
      const from = band * this.#width
      this.#file?.write(this.#keys.subarray(from, from + count), 4 * (band * this.#texts + first))
    }
  }

  /** Keys of all texts in a band; valid until another band is asked for. */
  column(band: number): Uint32Array {
    if (this.#file === undefined) return this.#keys.subarray(band * this.#texts, (band + 1) * this.#texts)
    const pending = this.#next % this.#width
    if (pending > 0) this.#flush(this.#next - pending)
    this.#file.read(this.#column, 4 * band * this.#texts)
    return this.#column
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]()
  }
}
