import { noAdapter, type ModuleSize, type ResidentAdapter } from '../adapter/resident-adapter.ts'
import type { Tensor } from '../graph/session.ts'
import { adapterInputs } from './inference-graph.ts'

// Those who are answered together change only when one comes or ends. A stack is a copy of its adapters.
const keptStacks = 2
// One who has left costs less than a copy without its ranks, up to this factor.
const idleRanks = 2

/** Matrices of several adapters, one below the other. */
interface Stack {
  readonly adapters: readonly ResidentAdapter[]
  readonly ranks: number
  readonly feeds: Readonly<Record<string, Tensor>>
}

/** Gives runs the adapters of their sequences. Those of several are stacked, and a mask shows each row its own. */
export class AdapterBank {
  readonly #modules: readonly ModuleSize[]
  readonly #nothing: ResidentAdapter
  /** Of several adapters, the last used first. */
  #stacks: Stack[] = []
  /** Of one: no copy. */
  readonly #single = new WeakMap<ResidentAdapter, Stack>()

  /** @param modules every linear module that the graph has inputs for */
  constructor(modules: readonly ModuleSize[]) {
    this.#modules = modules
    this.#nothing = noAdapter(modules)
  }

  /**
   * The graph's inputs (`adapterInputs`) for a run.
   *
   * @param ofSequence the adapter of each sequence; none is the base itself
   * @param length new tokens of each sequence
   */
  feeds(ofSequence: readonly (ResidentAdapter | undefined)[], length: number): Record<string, Tensor> {
    const used = new Set(ofSequence.filter((adapter) => adapter !== undefined))
    const { adapters, ranks, feeds } = this.#stackOf(used.size === 0 ? new Set([this.#nothing]) : used)
    const mask = new Float32Array(ofSequence.length * length * ranks)
    for (const [sequence, own] of ofSequence.entries()) {
      if (own === undefined) continue
      let start = 0
      for (const adapter of adapters.slice(0, adapters.indexOf(own))) start += adapter.ranks
      for (let row = sequence * length; row < (sequence + 1) * length; row++)
        mask.fill(1, row * ranks + start, row * ranks + start + own.ranks)
    }
    return { ...feeds, [adapterInputs.mask]: { data: mask, shape: [ofSequence.length * length, ranks] } }
  }

  /** Frees what is stacked with an adapter. */
  forget(adapter: ResidentAdapter): void {
    this.#stacks = this.#stacks.filter(({ adapters }) => !adapters.includes(adapter))
  }

  #stackOf(used: ReadonlySet<ResidentAdapter>): Stack {
    const [only] = used
    if (used.size === 1 && only !== undefined) {
      const single = this.#single.get(only) ?? this.#stack([only])
      this.#single.set(only, single)
      return single
    }
    const needed = [...used].reduce((sum, { ranks }) => sum + ranks, 0)
    const known = this.#stacks.find(
      ({ adapters, ranks }) =>
        ranks <= idleRanks * needed && [...used].every((adapter) => adapters.includes(adapter)),
    )
    const stack = known ?? this.#stack([...used])
    this.#stacks = [stack, ...this.#stacks.filter((other) => other !== stack)].slice(0, keptStacks)
    return stack
  }

  #stack(adapters: readonly ResidentAdapter[]): Stack {
    const ranks = adapters.reduce((sum, adapter) => sum + adapter.ranks, 0)
    const feeds: Record<string, Tensor> = {}
    for (const { module, outputs, inputs } of this.#modules) {
      const names = adapterInputs.matrices(module)
      const pairs = adapters.flatMap((adapter) => adapter.pairs.get(module) ?? [])
      feeds[names.a] = { data: joined(pairs.map(({ a }) => a)), shape: [ranks, inputs] }
      feeds[names.b] = { data: joined(pairs.map(({ b }) => b)), shape: [ranks, outputs] }
    }
    return { adapters, ranks, feeds }
  }
}

/** One after the other; a single one is not copied. */
function joined(parts: readonly Float32Array[]): Float32Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
