import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  readonly headers: IncomingHttpHeaders
  readonly path: string
  readonly body: {
    readonly model: string
    readonly messages: readonly { readonly role: string; readonly content: string }[]
    readonly [field: string]: unknown
  }
}

/** What is answered: a text, or a status with a body and headers; undefined leaves the client waiting. */
type Scripted =
  | string
  | undefined
  | { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
  | { readonly message: object; readonly finish_reason?: string }

export interface CompletionServer extends AsyncDisposable {
  readonly url: string
  readonly seen: SeenRequest[]
  readonly mostAtOnce: number
}

/** A service that speaks `/v1/chat/completions` and answers as a script says, asked with the request and its number from 0. */
export async function startCompletionServer(
  script: (request: SeenRequest, number: number) => Scripted | Promise<Scripted>,
): Promise<CompletionServer> {
  const seen: SeenRequest[] = []
  let open = 0
  let mostAtOnce = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as SeenRequest['body']
      const own = { headers: request.headers, path: request.url ?? '', body }
      seen.push(own)
      mostAtOnce = Math.max(mostAtOnce, ++open)
      const answer = async (): Promise<void> => {
        const scripted = await script(own, seen.length - 1)
        open--
        if (scripted !== undefined) reply(response, scripted, body)
      }
      void answer()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    get mostAtOnce() {
      return mostAtOnce
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function reply(
  response: ServerResponse,
  scripted: Exclude<Scripted, undefined>,
  { messages }: SeenRequest['body'],
): void {
  if (typeof scripted !== 'string' && 'status' in scripted) {
    response.writeHead(scripted.status, { 'content-type': 'application/json', ...scripted.headers })
    response.end(typeof scripted.body === 'string' ? scripted.body : JSON.stringify(scripted.body))
    return
  }
  const message = typeof scripted === 'string' ? { content: scripted } : scripted.message
  const reason = typeof scripted === 'string' ? 'stop' : (scripted.finish_reason ?? 'stop')
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: reason }],
      usage: {
        prompt_tokens: messages.reduce((sum, { content }) => sum + Math.ceil((content?.length ?? 0) / 4), 0),
        completion_tokens: 7,
      },
    }),
  )
}
