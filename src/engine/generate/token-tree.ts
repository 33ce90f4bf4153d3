/** Sequences as a tree: what several of them begin with is one path. A parent comes before its children. */
export interface TokenTree {
  /** Token of each node. */
  readonly tokens: readonly number[]
  /** Node before each node; -1 for a first token. */
  readonly parents: readonly number[]
  /** Number of nodes before each node on its path. */
  readonly depths: readonly number[]
  /** For each sequence the nodes of its tokens. */
  readonly paths: readonly (readonly number[])[]
}

/** Merges equal beginnings; `[[5, 6, 7], [5, 6, 8], [9]]` has five nodes. */
export function tokenTree(sequences: readonly (readonly number[])[]): TokenTree {
  const tokens: number[] = []
  const parents: number[] = []
  const depths: number[] = []
  const children: Map<number, number>[] = []
  const roots = new Map<number, number>()
  const paths = sequences.map((sequence) => {
    let parent = -1
    return sequence.map((token, depth) => {
      const siblings = children[parent] ?? roots
      let node = siblings.get(token)
      if (node === undefined) {
        node = tokens.length
        siblings.set(token, node)
        tokens.push(token)
        parents.push(parent)
        depths.push(depth)
        children.push(new Map())
      }
      parent = node
      return node
    })
  })
  return { tokens, parents, depths, paths }
}
