import { BodyFault, type DialectRequest } from './dialect-request.ts'

type Begun = Pick<DialectRequest, 'messages' | 'constraint' | 'toolChoice' | 'continuesAnswer'>

/**
 * The request as Claude reads it: where the last message is the assistant's, the answer goes on from it.
 *
 * @throws BodyFault for a beginning that nothing can follow
 */
export function withBegunAnswer<Request extends Begun>(request: Request): Request {
  const { messages, constraint, toolChoice } = request
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return request
  const before = messages.slice(0, -1)
  if (!before.some(({ role }) => role === 'user' || role === 'tool')) {
    refuse('a conversation must begin with a user message')
  }
  if ((last.toolCalls ?? []).length > 0) refuse('the last message calls tools, and their results are missing')
  if (last.content === '') return { ...request, messages: before }
  if (/\s$/.test(last.content)) refuse('final assistant content cannot end with trailing whitespace')
  if (constraint !== undefined || toolChoice === 'any' || typeof toolChoice === 'object') {
    refuse('an answer that must keep to a schema, or call a tool, cannot be begun by the client')
  }
  return { ...request, continuesAnswer: true }
}

function refuse(why: string): never {
  throw new BodyFault('/messages', why)
}
