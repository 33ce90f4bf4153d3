import type { ServerSentEvent } from '../../wire/server-sent-events.ts'
import { internalFault, toFault } from '../json-api/api-fault.ts'
import type { ApiReply, ApiRequest } from '../json-api/api-request.ts'
import { InvocationNote, type NoteContext } from './invocation-note.ts'

/** Requests of APIs without regions are noted where those of this one are. */
export const loggedRegion = 'us-east-1'

/** An answer of a model to a request of an API of JSON; what is asked and answered is noted, also where it fails. */
export async function notedAnswer(
  context: NoteContext,
  { id, identity, signal }: Pick<ApiRequest, 'id' | 'identity' | 'signal'>,
  { operation, modelId }: { readonly operation: string; readonly modelId: string },
  act: (note: InvocationNote) => Promise<ApiReply>,
): Promise<ApiReply> {
  const note = await InvocationNote.begin(context, {
    requestId: id,
    account: identity.account,
    region: loggedRegion,
    identity: identity.arn,
    operation,
    modelId,
  })
  try {
    const reply = await act(note)
    return reply.events === undefined ? reply : { ...reply, events: guarded(reply.events, note, signal) }
  } catch (error) {
    note.fail(codeOf(error), signal)
    throw error
  }
}

async function* guarded(
  events: AsyncIterable<ServerSentEvent>,
  note: InvocationNote,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  try {
    yield* events
  } catch (error) {
    note.fail(codeOf(error), signal)
    throw error
  } finally {
    note.leave()
  }
}

function codeOf(error: unknown): string {
  const { code, kind } = toFault(error) ?? internalFault
  return code ?? kind
}
