import { useState } from 'react'
import { toApiError, type ApiError } from './api-error.ts'
import { send, type OperationId, type Sent } from './client.ts'

/** Answers a file, as it is kept on the disk of the visitor. A link could not carry the key. */
async function download<Id extends OperationId>(
  id: Id,
  sent: Sent<Id>,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const response = await send(id, sent, '*/*')
  let bytes = 0
  const counted = response.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length
        onBytes(bytes)
        controller.enqueue(chunk)
      },
    }),
  )
  const type = response.headers.get('content-type') ?? ''
  const blob = await new Response(counted ?? null, { headers: { 'content-type': type } }).blob()
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? id
  link.click()
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** One download at a time: how many bytes came so far while it runs, and why it failed. */
export function useDownload(): {
  readonly bytes: number | undefined
  readonly error: ApiError | undefined
  readonly start: <Id extends OperationId>(id: Id, sent: Sent<Id>) => void
} {
  const [bytes, setBytes] = useState<number>()
  const [error, setError] = useState<ApiError>()
  return {
    bytes,
    error,
    start: (id, sent) => {
      setError(undefined)
      setBytes(0)
      download(id, sent, setBytes)
        .catch((thrown: unknown) => setError(toApiError(thrown)))
        .finally(() => setBytes(undefined))
    },
  }
}
