import { expect, test } from 'vitest'
import { eventFrame, exceptionFrame } from './event-stream.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

// Both vectors were decoded by botocore and by AWS SDK JS v3.
test('an event is framed as clients of Amazon read it', () => {
  expect(hex(eventFrame('chunk', { bytes: 'eyJ0eXBlIjoibWVzc2FnZV9zdG9wIn0=' }))).toBe(
    '000000870000004b87ea2bf30b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b226279746573223a2265794a306558426c496a6f696257567a6332466e5a56397a64473977496e303d227dba48ab22',
  )
})

test('a failure in mid-stream is an exception frame', () => {
  expect(hex(exceptionFrame('throttlingException', 'slow'))).toBe(
    '0000008300000061a9d144e50f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b226d657373616765223a22736c6f77227d9350311c',
  )
})
