const holders = new Map<string, Promise<void>>()

const nothing = (): void => undefined

/** Waits until nobody in this process holds the name, and holds it until disposed. */
export async function lockKey(name: string): Promise<Disposable> {
  let release = nothing
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const before = holders.get(name)
  const mine = (before ?? Promise.resolve()).then(() => held)
  holders.set(name, mine)
  await before
  return {
    [Symbol.dispose]() {
      release()
      if (holders.get(name) === mine) holders.delete(name)
    },
  }
}
