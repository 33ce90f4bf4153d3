/** An event of a stream, its data read. */
export interface SentEvent {
  readonly event: string
  readonly data: unknown
  readonly id?: string
}

/** The server-sent events in pieces of text. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export async function* readEvents(pieces: AsyncIterable<string>): AsyncGenerator<SentEvent> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = readEvent(block)
      if (event !== undefined) yield event
    }
  }
}

function readEvent(block: string): SentEvent | undefined {
  let event = 'message'
  let id: string | undefined
  const data: string[] = []
  for (const line of block.split('\n')) {
    const at = line.indexOf(':')
    const name = at === -1 ? line : line.slice(0, at)
    const value = at === -1 ? '' : line.slice(at + 1).replace(/^ /, '')
    if (name === 'event') event = value
    else if (name === 'id') id = value
    else if (name === 'data') data.push(value)
  }
  // A comment, which keeps the connection open.
  if (data.length === 0) return undefined
  return { event, data: JSON.parse(data.join('\n')) as unknown, ...(id === undefined ? {} : { id }) }
}
