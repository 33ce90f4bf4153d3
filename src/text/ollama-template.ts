import type { Message } from '../core/example.ts'
import type { ChatTemplate } from './chat-template.ts'

/** What a template writes around the messages of each role. */
interface Framing {
  /** Before everything. */
  readonly head: string
  readonly system: readonly [before: string, after: string] | undefined
  readonly user: readonly [before: string, after: string]
  readonly assistant: readonly [before: string, after: string]
  /** The start of the answer. */
  readonly start: string
  readonly defaultSystemPrompt: string | undefined
}

const texts = { system: 'Hsystemprobe', user: 'Huserprobe', assistant: 'Hanswerprobe', next: 'Hnextprobe' }
const system: Message = { role: 'system', content: texts.system }
const user: Message = { role: 'user', content: texts.user }
const assistant: Message = { role: 'assistant', content: texts.assistant }
// Some templates leave an earlier answer's reasoning out.
const thoughtful: Message = { role: 'assistant', content: '<think>\nHthought\n</think>\n\nHanswer' }
const next: Message = { role: 'user', content: texts.next }

/**
 * A chat template in the language of Ollama (Go's text/template). The framing of each role is read off what the template
 * writes, and only used where it writes whole conversations to the character.
 *
 * @param written tokens at the very beginning that the runtime writes by itself
 * @returns undefined for a template that does more than frame each message, or that reads the clock
 */
export function toOllamaTemplate(template: ChatTemplate, written: string | undefined): string | undefined {
  if (template.source.includes('strftime_now')) return undefined
  const framing = framingOf(template)
  if (framing === undefined || !isExact(template, framing)) return undefined
  const { head, start, defaultSystemPrompt } = framing
  const opening = written !== undefined && head.startsWith(written) ? head.slice(written.length) : head
  const parts = [
    opening,
    ...(defaultSystemPrompt === undefined || framing.system === undefined
      ? []
      : [`{{ if not .System }}${framing.system.join(defaultSystemPrompt)}{{ end }}`]),
    '{{ range .Messages }}',
    `{{ if eq .Role "user" }}${frame(framing.user)}`,
    `{{ else if eq .Role "assistant" }}${frame(framing.assistant)}`,
    ...(framing.system === undefined ? [] : [`{{ else if eq .Role "system" }}${frame(framing.system)}`]),
    '{{ end }}{{ end }}',
    start,
  ]
  const fixed = [opening, defaultSystemPrompt ?? '', start, ...(framing.system ?? []), ...framing.user]
  const isPlain = [...fixed, ...framing.assistant].every((text) => !/\{\{|\}\}|"""/.test(text))
  return isPlain ? parts.join('') : undefined
}

const frame = ([before, after]: readonly [string, string]): string => `${before}{{ .Content }}${after}`

function framingOf(template: ChatTemplate): Framing | undefined {
  const render = (messages: readonly Message[], addGenerationPrompt: boolean): string | undefined => {
    try {
      return template.render(messages, { addGenerationPrompt })
    } catch {
      return undefined
    }
  }
  const [before = '', afterUser] = cut(render([user], false), texts.user)
  const [, afterUserAndStart] = cut(render([user], true), texts.user)
  const [, betweenAndOn] = cut(render([user, assistant, next], true), texts.user)
  const [untilAnswer, answerAndOn] = cut(betweenAndOn, texts.assistant)
  const [untilNext] = cut(answerAndOn, texts.next)
  const [, afterAnswer] = cut(render([user, assistant], false), texts.assistant)
  const userBefore = without(untilNext, afterAnswer ?? '')
  const assistantBefore = without(untilAnswer, afterUser ?? '')
  const start = without(afterUserAndStart, afterUser ?? '')
  if (afterUser === undefined || afterAnswer === undefined) return undefined
  if (userBefore === undefined || assistantBefore === undefined || start === undefined) return undefined
  const opening = withoutEnd(before, userBefore)
  if (opening === undefined) return undefined
  const withSystem = render([system, user], true)
  const [systemBefore, systemAndOn] = cut(withSystem, texts.system)
  const [untilUser] = cut(systemAndOn, texts.user)
  const systemAfter = withoutEnd(untilUser, userBefore)
  const { defaultSystemPrompt } = template
  const head = defaultSystemPrompt === undefined ? opening : ''
  const own = without(systemBefore, head)
  const isFramed = own !== undefined && systemAfter !== undefined
  // A system message that is taken but written elsewhere, such as into the user's turn.
  if (withSystem !== undefined && !isFramed) return undefined
  return {
    head,
    system: isFramed ? [own, systemAfter] : undefined,
    user: [userBefore, afterUser],
    assistant: [assistantBefore, afterAnswer],
    start,
    defaultSystemPrompt,
  }
}

function isExact(template: ChatTemplate, framing: Framing): boolean {
  const conversations = [[user], [user, assistant, next], [user, thoughtful, next, assistant, user]]
  const withSystem =
    framing.system === undefined ? [] : conversations.map((messages) => [system, ...messages])
  try {
    return [...conversations, ...withSystem].every(
      (messages) => template.render(messages, { addGenerationPrompt: true }) === framed(messages, framing),
    )
  } catch {
    return false
  }
}

function framed(messages: readonly Message[], framing: Framing): string {
  const { head, defaultSystemPrompt, start } = framing
  const hasOwn = messages.some(({ role }) => role === 'system')
  const byDefault =
    hasOwn || defaultSystemPrompt === undefined ? '' : (framing.system?.join(defaultSystemPrompt) ?? '')
  return [
    head,
    byDefault,
    ...messages.map(({ role, content }) => (role === 'tool' ? '' : (framing[role]?.join(content) ?? ''))),
    start,
  ].join('')
}

/** What stands before and after the first place of a text. */
function cut(text: string | undefined, at: string): [string, string] | [undefined, undefined] {
  const place = text?.indexOf(at) ?? -1
  if (text === undefined || place < 0) return [undefined, undefined]
  return [text.slice(0, place), text.slice(place + at.length)]
}

const without = (text: string | undefined, start: string): string | undefined =>
  text?.startsWith(start) === true ? text.slice(start.length) : undefined

const withoutEnd = (text: string | undefined, end: string): string | undefined =>
  text?.endsWith(end) === true ? text.slice(0, text.length - end.length) : undefined
