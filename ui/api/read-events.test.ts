import { expect, test } from 'vitest'
import { readEvents } from './read-events.ts'

async function* inPieces(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length)
}

test('events come out whole, however their text is cut', async () => {
  const text =
    ': here\n\nevent: job\nid: 7\ndata: {"a":1}\n\ndata: [1,\ndata: 2]\n\nevent: end\ndata:null\n\nevent: cut\ndata: {'
  for (const length of [1, 3, 1000]) {
    const events: unknown[] = []
    for await (const event of readEvents(inPieces(text, length))) events.push(event)
    expect(events).toEqual([
      { event: 'job', id: '7', data: { a: 1 } },
      { event: 'message', data: [1, 2] },
      { event: 'end', data: null },
    ])
  }
})
