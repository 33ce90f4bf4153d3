import { APIError } from '@anthropic-ai/sdk'
import { expect } from 'vitest'

/** What a client is told when it is refused. */
export async function refusal(
  asked: Promise<unknown>,
): Promise<{ status: unknown; type: unknown; message: string }> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof APIError)) throw error ?? new Error('nothing was refused')
  expect(error.requestID).toMatch(/^req_/)
  expect(error.error).toMatchObject({ type: 'error', request_id: error.requestID })
  return { status: error.status, type: error.type, message: String(error.apiMessage) }
}
