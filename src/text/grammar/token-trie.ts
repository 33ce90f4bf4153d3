/** The bytes of a token; undefined for one that never stands in an answer. */
export type TokenBytes = (token: number) => Uint8Array | undefined

/** The tokens of a vocabulary as a tree of their bytes, in the order of a walk that goes down first. */
export interface TokenTrie {
  readonly vocabularySize: number
  /** Byte on the way to each node. */
  readonly bytes: Uint8Array
  /** Bytes before each node's own. */
  readonly depths: Uint16Array
  /** The node that follows a node and all below it. */
  readonly next: Int32Array
  /** Tokens that end at node n: `tokens[tokenStarts[n]]` to before `tokens[tokenStarts[n + 1]]`. */
  readonly tokenStarts: Int32Array
  readonly tokens: Int32Array
  readonly longest: number
  /** Bytes of a token; none for those that are not in the tree. */
  bytesOf(token: number): Uint8Array
}

const none = new Uint8Array()
// Some vocabularies have tokens of thousands of spaces, which depths and stacks have no need to hold.
const longestOfUse = 256

/** Takes a moment: a tenth of a second for 128,000 tokens. */
export function createTokenTrie(vocabularySize: number, bytesOf: TokenBytes): TokenTrie {
  const all = Array.from({ length: vocabularySize }, (_, token) => bytesOf(token) ?? none)
  const sorted = Array.from(all.keys())
    .filter((token) => {
      const { length } = all[token] ?? none
      return length > 0 && length <= longestOfUse
    })
    .toSorted((left, right) => Buffer.compare(all[left] ?? none, all[right] ?? none) || left - right)
  const bytes: number[] = []
  const depths: number[] = []
  const next: number[] = []
  const tokenStarts: number[] = []
  const path: number[] = []
  let previous: Uint8Array = none
  const close = (depth: number): void => {
    while (path.length > depth) next[path.pop() ?? 0] = bytes.length
  }
  sorted.forEach((token, index) => {
    const own = all[token] ?? none
    let shared = 0
    while (shared < own.length && shared < previous.length && own[shared] === previous[shared]) shared += 1
    close(shared)
    for (let depth = shared; depth < own.length; depth++) {
      path.push(bytes.length)
      bytes.push(own[depth] ?? 0)
      depths.push(depth)
      tokenStarts.push(index)
    }
    previous = own
  })
  close(0)
  tokenStarts.push(sorted.length)
  return {
    vocabularySize,
    bytes: Uint8Array.from(bytes),
    depths: Uint16Array.from(depths),
    next: Int32Array.from(next),
    tokenStarts: Int32Array.from(tokenStarts),
    tokens: Int32Array.from(sorted),
    longest: depths.reduce((most, depth) => Math.max(most, depth + 1), 0),
    bytesOf: (token) => all[token] ?? none,
  }
}
