import { createHash } from 'node:crypto'
import { parametersOf, type Adapter } from './adapter.ts'

/** Hash of an adapter's matrices, for `cachedWeights`: the same key means the same numbers. */
export function adapterKey(adapter: Adapter): string {
  const parameters = parametersOf(adapter)
  const bytes = new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength)
  const names = JSON.stringify([...adapter.tensors].map(([name, { shape }]) => [name, shape]))
  return createHash('sha256').update(names).update(bytes).digest('hex').slice(0, 32)
}
