import { EventStreamCodec } from '@smithy/core/event-streams'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

const textHeader = (value: string): { type: 'string'; value: string } => ({ type: 'string', value })

/** Media type of a body made of these frames. */
export const eventStreamType = 'application/vnd.amazon.eventstream'

/**
 * One event of an `application/vnd.amazon.eventstream` body, with a JSON payload.
 * Source of the framing: https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html
 *
 * @param type name of the union's member, such as `chunk` or `contentBlockDelta`
 */
export function eventFrame(type: string, payload: object): Uint8Array {
  return frame(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    payload,
  )
}

/**
 * A failure after the status 200 was sent; nothing follows it.
 *
 * @param type name of the union's member in camel case, such as `throttlingException`
 */
export function exceptionFrame(type: string, message: string): Uint8Array {
  return frame(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    { message },
  )
}

function frame(headers: Readonly<Record<string, string>>, payload: object): Uint8Array {
  return codec.encode({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, textHeader(value)])),
    body: Buffer.from(JSON.stringify(payload), 'utf8'),
  })
}
