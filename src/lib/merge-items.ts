/** An item of one of several sources. */
export interface MergedItem<Item> {
  readonly index: number
  readonly item: Item
}

/**
 * Items of several sources as they come. Where one fails, so does all; whoever leaves, leaves all sources.
 */
export async function* mergeItems<Item>(
  sources: readonly AsyncGenerator<Item>[],
): AsyncGenerator<MergedItem<Item>> {
  const next = (index: number): Promise<{ index: number; result: IteratorResult<Item> }> => {
    const source = sources[index]
    if (source === undefined) throw new RangeError(`there is no source ${index}`)
    return source.next().then((result) => ({ index, result }))
  }
  const waiting = new Map(sources.map((_, index) => [index, next(index)]))
  try {
    while (waiting.size > 0) {
      const { index, result } = await Promise.race(waiting.values())
      if (result.done === true) {
        waiting.delete(index)
        continue
      }
      yield { index, item: result.value }
      // After the others that have one, so that none is overtaken again and again.
      waiting.delete(index)
      waiting.set(index, next(index))
    }
  } finally {
    for (const each of waiting.values()) each.catch(() => undefined)
    for (const source of sources) void source.return(undefined).catch(() => undefined)
  }
}
