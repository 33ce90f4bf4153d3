import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'

/** A peer program that answers each line on its standard input with one line of JSON. */
export class PeerProcess implements Disposable {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    if (this.#child.stdout === null) throw new Error('no output to read')
    const reader: Interface = createInterface({ input: this.#child.stdout })
    this.#lines = reader[Symbol.asyncIterator]()
  }

  async read(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error('the peer ended early')
    return JSON.parse(value) as Record<string, unknown>
  }

  ask(line: string): Promise<Record<string, unknown>> {
    this.#child.stdin?.write(`${line}\n`)
    return this.read()
  }

  [Symbol.dispose](): void {
    this.#child.kill()
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
