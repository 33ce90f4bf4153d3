import type { Invocation } from '../../service/serving/invocation-record.ts'
import type { LoggingDocument } from '../../service/serving/logging-document.ts'
import type { DialectAnswer, DialectRequest } from '../../wire/dialect-request.ts'
import type { InvocationLog } from '../../service/serving/invocation-log.ts'

type Usage = DialectAnswer['usage']

/** Who asks for what. */
type Asked = Pick<Invocation, 'requestId' | 'account' | 'region' | 'identity' | 'operation' | 'modelId'>

/** What invocations are noted with. */
export interface NoteContext {
  readonly invocations: InvocationLog
  readonly now: () => number
}

/** Notes what one request asks and is answered, where the region's invocations are logged; elsewhere nothing. */
export class InvocationNote {
  readonly #context: NoteContext
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

  private constructor(context: NoteContext, asked: Asked, destination: LoggingDocument | undefined) {
    this.#context = context
    this.#asked = asked
    this.#destination = destination
    this.#at = context.now()
  }

  static async begin(context: NoteContext, asked: Asked): Promise<InvocationNote> {
    return new InvocationNote(context, asked, await context.invocations.find(asked.region))
  }

  /** The body that was sent, and what it asks for. */
  read(body: unknown, { messages }: Pick<DialectRequest, 'messages'>): void {
    const hasMedia = messages.some(({ parts = [] }) => parts.some(({ type }) => type === 'media'))
    const metadata = memberOf(body, 'requestMetadata') ?? memberOf(body, 'metadata')
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

  /** @param errorCode as the client was told it */
  fail(errorCode: string, signal: AbortSignal): void {
    if (signal.aborted) this.leave()
    else this.#add({ errorCode })
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

const memberOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, name)
    ? (body as Readonly<Record<string, unknown>>)[name]
    : undefined
