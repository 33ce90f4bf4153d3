/** Waits for the first item, so that what fails before it fails here. */
export async function begun<Item>(items: AsyncGenerator<Item>): Promise<AsyncGenerator<Item>> {
  const first = await items.next()
  return (async function* (): AsyncGenerator<Item> {
    if (first.done === true) return
    try {
      yield first.value
      yield* items
    } finally {
      // Left before the second item, it would never learn of it.
      await items.return(undefined)
    }
  })()
}
