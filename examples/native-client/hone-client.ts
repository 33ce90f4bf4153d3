import { places, type Error as HoneFailure, type Operations } from './api-types.ts'

type Part<Id extends keyof Operations, Name extends string> = Operations[Id] extends {
  readonly [Key in Name]: infer Value
}
  ? { readonly [Key in Name]: Value }
  : unknown

/** What an operation is given: parts of its path, its query, its headers and its body, as far as it has them. */
type Sent<Id extends keyof Operations> = Part<Id, 'path'> &
  Partial<Part<Id, 'query'>> &
  Partial<Part<Id, 'headers'>> &
  Part<Id, 'body'> & { readonly signal?: AbortSignal }

type EventOf<Id extends keyof Operations> = Operations[Id] extends { readonly events: infer Event }
  ? Event
  : never

/** A refused request. */
export class HoneRefusal extends Error {
  readonly failure: HoneFailure
  readonly status: number

  constructor(status: number, failure: HoneFailure) {
    super(failure.hint === undefined ? failure.message : `${failure.message} (${failure.hint})`)
    this.status = status
    this.failure = failure
  }
}

/** A client of Hone's own API, typed by its OpenAPI document. */
export class HoneClient {
  readonly #address: string
  readonly #key: string
  readonly #fetch: typeof fetch

  constructor(options: { readonly address: string; readonly key: string; readonly fetch?: typeof fetch }) {
    this.#address = options.address
    this.#key = options.key
    this.#fetch = options.fetch ?? fetch
  }

  /** @throws HoneRefusal */
  async call<Id extends keyof Operations>(id: Id, sent: Sent<Id>): Promise<Operations[Id]['answer']> {
    const response = await this.#send(id, sent, 'application/json')
    const answer: unknown = places[id].isJson ? await response.json() : response
    return answer as Operations[Id]['answer']
  }

  /** The events of an operation that streams, or that tells how far it is; leaving the loop ends the request. */
  async *follow<Id extends keyof Operations>(id: Id, sent: Sent<Id>): AsyncGenerator<EventOf<Id>> {
    const leaving = new AbortController()
    const { signal = leaving.signal } = sent
    const response = await this.#send(
      id,
      { ...sent, signal: AbortSignal.any([signal, leaving.signal]) },
      'text/event-stream',
    )
    try {
      let text = ''
      const decoder = new TextDecoder()
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true })
        const blocks = text.split('\n\n')
        text = blocks.pop() ?? ''
        for (const block of blocks) {
          const event = readEvent(block)
          if (event !== undefined) yield event as EventOf<Id>
        }
      }
    } finally {
      leaving.abort()
    }
  }

  async #send<Id extends keyof Operations>(id: Id, sent: Sent<Id>, accept: string): Promise<Response> {
    const { path, query, headers, body, signal } = sent as {
      readonly path?: Readonly<Record<string, string>>
      readonly query?: Readonly<Record<string, unknown>>
      readonly headers?: Readonly<Record<string, unknown>>
      readonly body?: unknown
      readonly signal?: AbortSignal
    }
    const place = places[id]
    const url = new URL(
      place.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path?.[name] ?? '')),
      this.#address,
    )
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    const isBytes = body instanceof Uint8Array || body instanceof Blob
    const response = await this.#fetch(url, {
      method: place.method,
      headers: {
        authorization: `Bearer ${this.#key}`,
        accept,
        ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
        ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isBytes ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    if (!response.ok) throw new HoneRefusal(response.status, (await response.json()) as HoneFailure)
    return response
  }
}

function readEvent(block: string): { event: string; data: unknown; id?: string } | undefined {
  let event = 'message'
  let id: string | undefined
  const data: string[] = []
  for (const line of block.split('\n')) {
    const at = line.indexOf(': ')
    const [name, value] = at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 2)]
    if (name === 'event') event = value
    else if (name === 'id') id = value
    else if (name === 'data') data.push(value)
  }
  if (data.length === 0) return undefined
  return { event, data: JSON.parse(data.join('\n')) as unknown, ...(id === undefined ? {} : { id }) }
}
