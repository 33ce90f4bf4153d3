import type { Example, Message } from '../../core/example.ts'
import { features, type Feature, type Lose } from './record-format.ts'

/**
 * An example without what a format does not hold, each thing reported to `lose`. `undefined` where the conversation itself
 * cannot be written: a tool call left out would leave a conversation that nobody had.
 */
export function withoutLosses(example: Example, holds: readonly Feature[], lose: Lose): Example | undefined {
  const lost = missing(example, holds)
  if (lost.length === 0) return example
  for (const feature of lost) lose(feature, `no place for: ${features[feature]}`)
  if (lost.includes('turns') || lost.includes('calls')) return undefined
  let { messages } = example
  if (lost.includes('system')) messages = messages.filter(({ role }) => role !== 'system')
  const changed = messages.map((message) => lesserMessage(message, lost))
  if (changed.some((message) => message === undefined)) return undefined
  const rest: { -readonly [Key in keyof Example]: Example[Key] } = {
    ...example,
    messages: changed.filter((message) => message !== undefined),
  }
  if (lost.includes('weight')) delete rest.weight
  if (lost.includes('turn-weights')) delete rest.learned
  if (lost.includes('rejected')) delete rest.rejected
  if (lost.includes('tools')) delete rest.tools
  if (lost.includes('parallel')) delete rest.parallelToolCalls
  if (lost.includes('label')) delete rest.label
  if (lost.includes('metadata')) delete rest.metadata
  return rest
}

/** What an example has and the format does not hold, in the order of the features. */
function missing(example: Example, holds: readonly Feature[]): Feature[] {
  const used = featuresOf(example)
  const lost: Feature[] = []
  for (const feature of used) if (!holds.includes(feature)) lost.push(feature)
  return lost
}

/** Everything that an example has beside one question and its answer. */
function featuresOf(example: Example): Feature[] {
  const used = new Set<Feature>()
  let questions = 0
  for (const message of example.messages) {
    const { role, parts, toolCalls, failed, name } = message
    if (role === 'system') used.add('system')
    else if (role === 'user' && ++questions > 1) used.add('turns')
    if (toolCalls !== undefined || role === 'tool') used.add('calls')
    if (failed === true) used.add('failed')
    if (name !== undefined) used.add('names')
    if (parts === undefined) continue
    for (const part of parts) {
      if (part.type === 'media') used.add(part.mediaType.startsWith('image/') ? 'images' : 'media')
    }
    if (parts.filter(({ type }) => type === 'text').length > 1) used.add('parts')
  }
  if (example.learned?.includes(false) === true) used.add('turn-weights')
  if (example.weight !== undefined) used.add('weight')
  if (example.rejected !== undefined) used.add('rejected')
  if (example.tools !== undefined) used.add('tools')
  if (example.parallelToolCalls !== undefined) used.add('parallel')
  if (example.label !== undefined) used.add('label')
  if (example.metadata !== undefined) used.add('metadata')
  return [...used]
}

function lesserMessage(message: Message, lost: readonly Feature[]): Message | undefined {
  const lesser: { -readonly [Key in keyof Message]: Message[Key] } = { ...message }
  if (lost.includes('names')) delete lesser.name
  if (lost.includes('failed')) delete lesser.failed
  const parts = message.parts?.filter(
    (part) =>
      part.type === 'text' || !lost.includes(part.mediaType.startsWith('image/') ? 'images' : 'media'),
  )
  if (parts === undefined) return lesser
  if (parts.length === 0) return undefined
  const isText = parts.every(({ type }) => type === 'text')
  if (isText && (parts.length === 1 || lost.includes('parts'))) delete lesser.parts
  else lesser.parts = parts
  return isText && lesser.content === '' ? undefined : lesser
}
