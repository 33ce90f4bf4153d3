import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { keepAliveComment, serverSentEvent, type ServerSentEvent } from './server-sent-events.ts'

/** Reads a stream as the specification of HTML says. */
function interpret(stream: string): ServerSentEvent[] {
  const events: ServerSentEvent[] = []
  let data: string[] = []
  let event: string | undefined
  let id: string | undefined
  for (const line of stream.split(/\r\n|\r|\n/)) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/su.exec(line) ?? []
    if (line === '') {
      if (data.length > 0)
        events.push({
          ...(event === undefined ? {} : { event }),
          ...(id === undefined ? {} : { id }),
          data: data.join('\n'),
        })
      data = []
      event = undefined
      id = undefined
    } else if (field === 'data') data.push(value)
    else if (field === 'event') event = value
    else if (field === 'id') id = value
  }
  return events
}

test('events are read as they were written, whatever they hold', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll(/[\r\n\0]/g, ''))
  const event = fc.record(
    { event: line, id: line, data: fc.oneof(fc.string(), fc.constantFrom('a\nb', '\r\n', ' x', ':', '')) },
    { requiredKeys: ['data'] },
  )
  fc.assert(
    fc.property(fc.array(event, { minLength: 1 }), (events) => {
      const stream = events.map((each) => keepAliveComment + serverSentEvent(each)).join('')
      const lines = events.map((each) => ({ ...each, data: each.data.replaceAll(/\r\n|\r/g, '\n') }))
      expect(interpret(stream)).toEqual(lines)
    }),
  )
})

test('a type or id cannot begin another event', () => {
  const stream = serverSentEvent({ event: 'a\n\ndata: forged', id: 'b\r\nevent: forged', data: 'c' })
  expect(interpret(stream)).toHaveLength(1)
})
