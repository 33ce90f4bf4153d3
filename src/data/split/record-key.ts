import type { JsonObject } from '../../core/example.ts'
import type { ExampleRow } from '../records/stream-examples.ts'

/**
 * What a record says under a key: in its metadata, or beside the conversation. A text, or the JSON of another value;
 * undefined where there is none.
 */
export function recordKey({ record, example }: ExampleRow, key: string): string | undefined {
  const metadata = example?.metadata ?? objectOf(record?.['metadata'])
  const value = own(metadata, key) ?? own(record, key)
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const own = (object: JsonObject | undefined, key: string): unknown =>
  object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined

const objectOf = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
