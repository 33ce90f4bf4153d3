import type { Invocation } from '../../../service/serving/invocation-record.ts'
import type { LoggingDocument } from '../../../service/serving/logging-document.ts'
import type { DialectAnswer, DialectPart, DialectRequest } from '../../../wire/dialect-request.ts'
import { AwsError, type AwsReply, type AwsRequest } from '../../aws/aws-request.ts'
import type { BedrockContext } from '../bedrock-context.ts'

type Usage = DialectAnswer['usage']

/** Who asks for what. */
type Asked = Pick<Invocation, 'requestId' | 'account' | 'region' | 'identity' | 'operation' | 'modelId'>

/** Notes what one request asks and is answered, where the region's invocations are logged; elsewhere nothing. */
export class InvocationNote {
  readonly #context: Pick<BedrockContext, 'invocations' | 'now'>
  readonly #destination: LoggingDocument | undefined
  readonly #asked: Asked
  readonly #at: number
  readonly #events: object[] = []
  #input: Pick<Invocation, 'input' | 'metadata' | 'hasMedia'> = {
    input: undefined,
    metadata: undefined,
    hasMedia: false,
  }
  #isOver = false

  private constructor(
    context: Pick<BedrockContext, 'invocations' | 'now'>,
    asked: Asked,
    destination: LoggingDocument | undefined,
  ) {
    this.#context = context
    this.#asked = asked
    this.#destination = destination
    this.#at = context.now()
  }

  static async begin(
    context: Pick<BedrockContext, 'invocations' | 'now'>,
    asked: Asked,
  ): Promise<InvocationNote> {
    return new InvocationNote(context, asked, await context.invocations.find(asked.region))
  }

  /** The body that was sent, and what it asks for. */
  read(body: unknown, { messages }: Pick<DialectRequest, 'messages'>): void {
    const hasMedia = messages.some(({ parts = [] }) => parts.some(({ type }) => type === 'media'))
    const metadata =
      typeof body === 'object' && body !== null && 'requestMetadata' in body
        ? body.requestMetadata
        : undefined
    this.#input = { input: body, metadata, hasMedia }
  }

  /** An event of a stream as it is sent. */
  event(event: object): void {
    if (this.#destination !== undefined) this.#events.push(event)
  }

  /** The request was answered. */
  end(output: unknown, usage: Usage): void {
    this.#add({ output, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens })
  }

  /** The stream of events came to its end. */
  endOfEvents(usage: Usage): void {
    this.end(this.#events, usage)
  }

  /** Nobody waits for the rest of the answer. Nothing happens after its end. */
  leave(): void {
    this.#add({ errorCode: 'ClientDisconnected' })
  }

  fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) this.leave()
    else this.#add({ errorCode: error instanceof AwsError ? error.code : 'InternalServerException' })
  }

  #add(outcome: Partial<Pick<Invocation, 'output' | 'inputTokens' | 'outputTokens' | 'errorCode'>>): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#destination === undefined) return
    const { output, inputTokens, outputTokens, errorCode } = outcome
    this.#context.invocations.add(this.#destination, {
      ...this.#asked,
      ...this.#input,
      at: this.#at,
      output,
      inputTokens,
      outputTokens,
      errorCode,
    })
  }
}

/** An operation of the runtime. */
export type RuntimeOperation = (
  context: BedrockContext,
  request: AwsRequest,
  modelId: string,
) => Promise<AwsReply>

/** An operation whose requests are noted, those that fail too. */
export const logged =
  (
    operation: Invocation['operation'],
    act: (
      context: BedrockContext,
      request: AwsRequest,
      modelId: string,
      note: InvocationNote,
    ) => Promise<AwsReply>,
  ): RuntimeOperation =>
  async (context, request, modelId) => {
    const { id: requestId, region, identity } = request
    const note = await InvocationNote.begin(context, {
      requestId,
      region,
      account: identity.account,
      identity: identity.arn,
      operation,
      modelId,
    })
    try {
      return await act(context, request, modelId, note)
    } catch (error) {
      note.fail(error, request.signal)
      throw error
    }
  }

/** The parts of an answer, unchanged; the whole is given at its end, for the note. */
export async function* noted(
  parts: AsyncIterable<DialectPart>,
  atEnd: (answer: DialectAnswer) => void,
): AsyncGenerator<DialectPart> {
  const texts: string[] = []
  const toolCalls: DialectAnswer['toolCalls'][number][] = []
  for await (const part of parts) {
    if (part.type === 'text') texts.push(part.text)
    else if (part.type === 'tool-call') toolCalls.push(part.call)
    yield part
    if (part.type !== 'end') continue
    const { type: _, ...end } = part
    atEnd({ text: texts.join(''), toolCalls, ...end })
  }
}
