import type { ResidentAdapter } from '../adapter/resident-adapter.ts'
import type { ModelConfig } from '../arch/architecture.ts'
import { inferenceMasks } from '../arch/masks.ts'
import { isLongSequence, rotationTensors } from '../arch/position-inputs.ts'
import type { Session, Tensor } from '../graph/session.ts'
import type { AdapterBank } from './adapter-bank.ts'
import { cacheNames } from './inference-graph.ts'
import { likeliest } from './sample-token.ts'
import { tokenTree, type TokenTree } from './token-tree.ts'
import { emptyPrefix, extendPrefix, KeyValueCache, type SharedPrefix } from './key-value-cache.ts'

/** Which rows of a run are wanted, as `sequence · length + token`, and what for. */
interface Wanted {
  readonly rows: readonly number[]
  /** Tokens whose log-probability is wanted, and for each the place in `rows` of the token before it. */
  readonly targets?: readonly number[]
  readonly rowOfTarget?: readonly number[]
  /** Rounded is enough: the session for drafts computes it. */
  readonly isDraft?: boolean
  /** Where the tokens of the one sequence are a tree. */
  readonly tree?: TokenTree
  readonly output: 'logits' | 'log_probabilities' | 'cache only'
}

/** A session of the same graph that is faster for runs of few rows. */
export interface FewRows {
  readonly session: Session
  /** The most rows that it is faster for; with 1, its graph is one for single rows (`singleRow`). */
  readonly rows: number
}

export interface InferenceModelOptions {
  /** What computes few rows faster, where logits are wanted; of several, the first that is for as many. */
  readonly few?: readonly FewRows[] | undefined
  /** For graphs that are given adapters with each run. */
  readonly adapters?: AdapterBank | undefined
  /** A session that rounds, of the graph for single rows: it foretells what is then checked. */
  readonly draft?: Session | undefined
}

/** A session of the inference graph, with the bookkeeping of positions, masks and caches. */
export class InferenceModel implements AsyncDisposable {
  readonly config: ModelConfig
  readonly #session: Session
  readonly #few: readonly FewRows[]
  readonly #adapters: AdapterBank | undefined
  readonly #draft: Session | undefined
  readonly #noPrefix: Readonly<Record<'short' | 'long', SharedPrefix>>

  constructor(
    session: Session,
    config: ModelConfig,
    { few = [], adapters, draft }: InferenceModelOptions = {},
  ) {
    this.#session = session
    this.#few = few
    this.#adapters = adapters
    this.#draft = draft
    this.config = config
    this.#noPrefix = { short: emptyPrefix(config), long: emptyPrefix(config, true) }
  }

  get emptyPrefix(): SharedPrefix {
    return this.#noPrefix.short
  }

  /** The prefix of nothing for sequences of this many tokens: some models rotate long ones otherwise. */
  emptyPrefixFor(tokens: number, adapter?: ResidentAdapter): SharedPrefix {
    const nothing = isLongSequence(this.config, tokens) ? this.#noPrefix.long : this.#noPrefix.short
    return adapter === undefined ? nothing : { ...nothing, adapter }
  }

  /** Frees what is held for an adapter that will not be used any more. */
  forget(adapter: ResidentAdapter): void {
    this.#adapters?.forget(adapter)
  }

  /** Keys and values of tokens that follow `prefix`, as a longer prefix. */
  async extendPrefix(tokens: readonly number[], prefix: SharedPrefix): Promise<SharedPrefix> {
    if (tokens.length === 0) return prefix
    const outputs = await this.#run([tokens], prefix, this.#nothingAfter(prefix), {
      rows: [0],
      output: 'cache only',
    })
    return extendPrefix(this.config, prefix, outputs, tokens.length)
  }

  /**
   * Reads new tokens of each sequence (at least one each, any number) and gives the logits after the last one.
   *
   * @returns `[batch, vocabulary]`; the cache holds the new tokens
   */
  async advance(
    sequences: readonly (readonly number[])[],
    prefix: SharedPrefix,
    cache: KeyValueCache,
  ): Promise<Float32Array> {
    const length = Math.max(...sequences.map((tokens) => tokens.length))
    const rows = sequences.map((tokens, index) => index * length + tokens.length - 1)
    const outputs = await this.#run(sequences, prefix, cache, { rows, output: 'logits' })
    cache.append(
      outputs,
      length,
      sequences.map((tokens) => tokens.length),
    )
    return outputs['logits']?.data as Float32Array
  }

  /**
   * The same for one sequence, with the logits after each of its new tokens.
   *
   * @returns `[tokens, vocabulary]`
   */
  async advanceEach(
    tokens: readonly number[],
    prefix: SharedPrefix,
    cache: KeyValueCache,
  ): Promise<Float32Array> {
    const outputs = await this.#run([tokens], prefix, cache, { rows: [...tokens.keys()], output: 'logits' })
    cache.append(outputs, tokens.length, [tokens.length])
    return outputs['logits']?.data as Float32Array
  }

  /**
   * The likeliest tokens after the last of the one sequence, as a rounded computation has them; none where there is nothing
   * that computes so, and none from the end of the answer on. The cache is left as it was.
   */
  async foretell(
    lastToken: number,
    count: number,
    prefix: SharedPrefix,
    cache: KeyValueCache,
    endOfTurn: ReadonlySet<number>,
  ): Promise<number[]> {
    const tokens: number[] = []
    if (this.#draft === undefined) return tokens
    const [before = 0] = cache.lengths
    for (let token = lastToken; tokens.length < count; tokens.push(token)) {
      const outputs = await this.#run([[token]], prefix, cache, {
        rows: [0],
        output: 'logits',
        isDraft: true,
      })
      cache.append(outputs, 1, [1])
      token = likeliest(outputs['logits']?.data as Float32Array)
      if (endOfTurn.has(token)) break
    }
    cache.cut(0, before)
    return tokens
  }

  /**
   * Log-probability of every token but the first of each sequence, given the tokens before it. A sequence starts with the
   * last token of its context: `prefix` holds what comes before that. What several sequences begin with is computed once,
   * and all of them in one run.
   */
  async score(sequences: readonly (readonly number[])[], prefix: SharedPrefix): Promise<number[][]> {
    const tree = tokenTree(sequences.map((tokens) => tokens.slice(0, -1)))
    // Every node is followed by a token whose probability is wanted.
    const outputs = await this.#run([tree.tokens], prefix, this.#nothingAfter(prefix), {
      rows: [...tree.tokens.keys()],
      targets: sequences.flatMap((tokens) => tokens.slice(1)),
      rowOfTarget: tree.paths.flat(),
      tree,
      output: 'log_probabilities',
    })
    const flat = outputs['log_probabilities']?.data as Float32Array
    let at = 0
    return tree.paths.map(({ length }) => {
      at += length
      return Array.from(flat.subarray(at - length, at))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]()
    for (const { session } of this.#few) await session[Symbol.asyncDispose]()
    await this.#draft?.[Symbol.asyncDispose]()
  }

  #nothingAfter({ adapter }: SharedPrefix): KeyValueCache {
    return new KeyValueCache(this.config, 1, 0, adapter)
  }

  async #run(
    sequences: readonly (readonly number[])[],
    prefix: SharedPrefix,
    cache: KeyValueCache,
    wanted: Wanted,
  ): Promise<Record<string, Tensor>> {
    const length = Math.max(...sequences.map((tokens) => tokens.length))
    const tokens = new BigInt64Array(sequences.length * length)
    const positions: number[] = []
    for (const [index, sequence] of sequences.entries()) {
      const start = prefix.length + (cache.lengths[index] ?? 0)
      for (let offset = 0; offset < length; offset++) {
        tokens[index * length + offset] = BigInt(sequence[offset] ?? 0)
        positions.push(start + (wanted.tree?.depths[offset] ?? offset))
      }
    }
    const caches = Array.from({ length: this.config.layers }, (_, layer) => cacheNames(layer))
    const outputs = [
      ...(wanted.output === 'cache only' ? [] : [wanted.output]),
      ...(wanted.output === 'log_probabilities' ? [] : caches.flatMap(({ keys, values }) => [keys, values])),
    ]
    const count = sequences.length * length
    const few = wanted.output === 'logits' ? this.#few.find(({ rows }) => count <= rows) : undefined
    const draft = wanted.isDraft === true ? this.#draft : undefined
    const feeds = {
      tokens: { data: tokens, shape: [sequences.length, length] },
      ...rotationTensors(this.config, positions, prefix.isLong),
      ...inferenceMasks(this.config, {
        length,
        shared: prefix.length,
        lengths: cache.lengths,
        capacity: cache.capacity,
        tree: wanted.tree,
      }),
      wanted_rows: integers(wanted.rows),
      targets: integers(wanted.targets ?? [0]),
      row_of_target: integers(wanted.rowOfTarget ?? [0]),
      // Where nobody asks for probabilities over the vocabulary, one row is the least that the graph computes.
      scored_rows: integers([wanted.targets === undefined ? 1 : wanted.rows.length]),
      ...prefix.feeds,
      ...cache.feeds(draft !== undefined || few?.rows === 1),
      ...this.#adapters?.feeds(cache.adapters, length),
    }
    return (draft ?? few?.session ?? this.#session).run(feeds, outputs)
  }
}

function integers(values: readonly number[]): Tensor {
  return { data: BigInt64Array.from(values, BigInt), shape: [values.length] }
}
