import * as fc from 'fast-check'
import type { Example, JsonObject, Message, Part, Tool, ToolCall } from '../../core/example.ts'
import type { Feature } from '../records/record-format.ts'

const text = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.constantFrom(
      '{"output":"x"}',
      '[1]',
      '{"a":1}',
      'two\nlines, "quoted"',
      '=1+1',
      '__proto__',
      '42',
      ' padded ',
    ),
  )
  .filter((value) => value.trim() !== '' && (value as string & { isWellFormed(): boolean }).isWellFormed())

const name = fc.stringMatching(/^[a-z][a-z_]{0,11}$/)
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)
const object: fc.Arbitrary<JsonObject> = fc
  .dictionary(name, json, { maxKeys: 3 })
  .map((value) => ({ ...value }))

const media: fc.Arbitrary<Part> = fc
  .tuple(fc.constantFrom('image/png', 'image/jpeg'), fc.base64String({ minLength: 4, maxLength: 16 }))
  .map(([mediaType, data]) => ({ type: 'media', mediaType, uri: `data:${mediaType};base64,${data}` }))
const otherMedia: fc.Arbitrary<Part> = fc.base64String({ minLength: 4, maxLength: 16 }).map((data) => ({
  type: 'media',
  mediaType: 'application/pdf',
  uri: `data:application/pdf;base64,${data}`,
}))

/** Examples that use no more than the features, and each of them now and then. */
export function anyExample(holds: readonly Feature[]): fc.Arbitrary<Example> {
  const may = <T>(feature: Feature, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    holds.includes(feature) ? fc.option(value, { nil: undefined }) : fc.constant(undefined)
  const has = (feature: Feature): boolean => holds.includes(feature)

  const said = (): fc.Arbitrary<Pick<Message, 'content' | 'parts'>> => {
    const plain = text.map((content) => ({ content }))
    const kinds = [...(has('images') ? [media] : []), ...(has('media') ? [otherMedia] : [])]
    if (kinds.length === 0 && !has('parts')) return plain
    const texts = text.map((value): Part => ({ type: 'text', text: value }))
    const rich = fc
      .tuple(
        fc.array(texts, has('parts') ? { maxLength: 3 } : { maxLength: 1 }),
        kinds.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...kinds), { maxLength: 2 }),
      )
      .filter(([written, pictures]) => written.length > 1 || pictures.length > 0)
      .map(([written, pictures]) => {
        const parts = [...pictures, ...written]
        return { content: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''), parts }
      })
    return fc.oneof(plain, rich)
  }
  const named = may('names', name)
  const exchange = fc.record({
    user: said(),
    userName: named,
    assistant: text,
    calls: may('calls', fc.array(fc.tuple(name, name, object), { minLength: 1, maxLength: 2 })),
    spoken: fc.boolean(),
    results: fc.array(fc.tuple(text, fc.boolean()), { minLength: 2, maxLength: 2 }),
    learned: fc.boolean(),
  })
  return fc
    .record({
      system: may('system', text),
      exchanges: fc.array(exchange, { minLength: 1, maxLength: has('turns') ? 3 : 1 }),
      tools: may(
        'tools',
        fc.array(fc.tuple(name, may('tools', text), may('tools', object)), { minLength: 1, maxLength: 2 }),
      ),
      parallel: may('parallel', fc.boolean()),
      weight: may('weight', fc.constantFrom(0.25, 2)),
      label: may('label', text),
      metadata: may('metadata', object),
      rejected: has('rejected')
        ? has('label')
          ? may('rejected', text)
          : text.map((value) => value)
        : fc.constant(undefined),
    })
    .map(({ system, exchanges, tools, parallel, weight, label, metadata, rejected }) => {
      const messages: Message[] = system === undefined ? [] : [{ role: 'system', content: system }]
      const learned: boolean[] = []
      let number = 0
      for (const each of exchanges) {
        messages.push({
          role: 'user',
          ...each.user,
          ...(each.userName === undefined ? {} : { name: each.userName }),
        })
        if (each.calls !== undefined) {
          const toolCalls = each.calls.map(([id, called, given], at): ToolCall => {
            number++
            return {
              id: has('call-ids') ? `${id}_${number}_${at}` : `call_${number}`,
              name: called,
              arguments: given,
            }
          })
          // Formats that keep no ids have no text beside calls either.
          messages.push({
            role: 'assistant',
            content: has('call-ids') && each.spoken ? each.assistant : '',
            toolCalls,
          })
          learned.push(has('call-ids') ? each.learned : true)
          for (const [at, { id }] of toolCalls.entries()) {
            const [content = '', failed = false] = each.results[at] ?? []
            messages.push({
              role: 'tool',
              content,
              toolCallId: id,
              ...(failed && has('failed') ? { failed } : {}),
            })
          }
        }
        messages.push({ role: 'assistant', content: each.assistant })
        learned.push(each.learned)
      }
      const answer = messages.at(-1)?.content
      const isUsed =
        has('turn-weights') && learned.includes(false) && learned.includes(true) && rejected === undefined
      const tooling = tools?.map(([called, description, parameters]): Tool => ({
        name: called,
        ...(description === undefined ? {} : { description }),
        ...(parameters === undefined ? {} : { parameters }),
      }))
      return {
        id: 'x:1',
        messages,
        ...(isUsed ? { learned } : {}),
        ...(weight === undefined ? {} : { weight }),
        ...(rejected === undefined ? {} : { rejected: rejected === answer ? `${rejected}!` : rejected }),
        ...(tooling === undefined ? {} : { tools: tooling }),
        ...(parallel === undefined || tooling === undefined ? {} : { parallelToolCalls: parallel }),
        ...(label === undefined ? {} : { label }),
        ...(metadata === undefined ? {} : { metadata }),
      }
    })
}
