import { HoneClient, HoneRefusal } from '../../examples/native-client/hone-client.ts'
import { checkedFetch } from './checked-fetch.ts'
import type { TestServer } from './start-server.ts'

/** A client of Hone's own API that demands that every answer is what the contract says. */
export const nativeClient = ({ endpoint, bearer }: Pick<TestServer, 'endpoint' | 'bearer'>): HoneClient =>
  new HoneClient({ address: endpoint, key: bearer, fetch: checkedFetch })

/** Why a call was refused; one that was not is a failure. */
export async function refusal(call: Promise<unknown>): Promise<HoneRefusal> {
  const outcome: unknown = await call.then(
    () => new Error('it was not refused'),
    (error: unknown) => error,
  )
  if (outcome instanceof HoneRefusal) return outcome
  throw outcome
}

/** Sends a file whole, and reads it as a dataset version. @returns its id */
export async function importText(
  client: HoneClient,
  name: string,
  file: string,
  text: string,
): Promise<string> {
  const bytes = Buffer.from(text)
  const { id } = await client.call('createUpload', { body: { name: file, bytes: bytes.length } })
  await client.call('addToUpload', { path: { id }, query: { offset: 0 }, body: bytes })
  const { dataset } = await client.call('importUpload', { path: { id }, body: { name } })
  return dataset
}
