import type { Session } from './graph/session.ts'

/** A session that is opened when it first runs, so that nothing waits for one that comes later or is not needed. */
export function lazySession(open: () => Promise<Session>): Session {
  let opened: Promise<Session> | undefined
  return {
    async run(feeds, outputs) {
      opened ??= open()
      return (await opened).run(feeds, outputs)
    },
    async [Symbol.asyncDispose]() {
      const session = await opened?.catch(() => undefined)
      await session?.[Symbol.asyncDispose]()
    },
  }
}
