import { hash as digest } from 'node:crypto'
import type { Example } from '../core/example.ts'
import { canonicalJson, type JsonValue } from '../lib/canonical-json.ts'

/**
 * Names an example by what it says: the SHA-256, in hexadecimal, of the canonical JSON (RFC 8785) of its messages
 * (role and content, with the media and the calls of tools where there are some), with the weight, the answers that are
 * not learned and the rejected answer where it has them. The id and the place it was read from do not count.
 */
export function contentHash({ messages, weight, learned, rejected }: Example): string {
  const said = messages.map(({ role, content, parts, toolCalls }) => ({
    role,
    content,
    ...(parts?.some(({ type }) => type === 'media') === true ? { parts: plain(parts) } : {}),
    ...(toolCalls === undefined ? {} : { toolCalls: plain(toolCalls) }),
  }))
  const isPlain = weight === undefined && learned === undefined && rejected === undefined
  return sha256(
    canonicalJson(
      isPlain
        ? said
        : {
            messages: said,
            weight: weight ?? 1,
            learned: learned?.map(Number) ?? null,
            rejected: rejected ?? null,
          },
    ),
  )
}

const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue

/**
 * Names a set of examples, whatever their order: the SHA-256 of the sorted content hashes, each followed by a line feed.
 * An example that occurs twice counts twice.
 */
export function datasetHash(examples: readonly Example[]): string {
  return hashOfHashes(examples.map(contentHash))
}

/** `datasetHash` for content hashes that are known already. */
export function hashOfHashes(hashes: readonly string[]): string {
  return sha256(
    hashes
      .toSorted()
      .map((hash) => `${hash}\n`)
      .join(''),
  )
}

const sha256 = (text: string): string => digest('sha256', text, 'hex')
