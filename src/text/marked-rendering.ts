import { HoneError } from '../core/errors.ts'
import type { JsonObject, Message, Tool, ToolCall } from '../core/example.ts'
import type { AddedToken } from './added-tokens.ts'
import type { ChatTemplate, RenderOptions } from './chat-template.ts'
import { pythonStrip } from './python-strip.ts'

interface Range {
  /** UTF-16 offsets into the rendered text, the end exclusive. */
  readonly start: number
  readonly end: number
}

/** A rendered conversation of which is known what the template wrote and what stands in the messages. */
export interface MarkedRendering {
  /** What the template renders, to the byte. */
  readonly text: string
  /** True where no character of the range comes from a message. */
  isFromTemplate(start: number, end: number): boolean
  /**
   * Where the message's content, less its outer white space, begins and ends; `undefined` for an end that the template
   * cut off or wrote several times, and for blank content.
   */
  contentEdges(message: number): { readonly start: number | undefined; readonly end: number | undefined }
}

/**
 * Renders the messages as they are, and once more with marks around what they say. The marks stand inside the outer
 * white space of a content, so that a template which trims still does, and around the special-token text in it, so that
 * a template which cuts a content up leaves them. Without its marks the second rendering must equal the first.
 *
 * @throws HoneError `E_TEMPLATE` where the template refuses or leaves out a message, or where special-token text in a
 * message cannot be told from the template's own tokens
 */
export function renderMarked(
  template: ChatTemplate,
  messages: readonly Message[],
  options: RenderOptions,
  specialTokens: readonly AddedToken[],
): MarkedRendering {
  const text = template.render(messages, options)
  const contents = messages.map(({ content }) => content)
  const beside = besideContents(messages, options.tools)
  const mark = unusedCharacter(template.source + contents.join('') + beside)
  const hasSpecialText = [...contents, beside].some((content) =>
    specialTokens.some((token) => content.includes(token.content)),
  )
  const quote = (said: string): string => quoteSpecialText(said, 0, mark, specialTokens)
  const quoted = {
    ...options,
    tools: options.tools?.map((tool) => mapTexts(tool, quote)),
  }
  const attempts = [markContent, ...(hasSpecialText ? [quoteSpecialText] : [])]
  for (const attempt of attempts) {
    const marked = contents.map((content, index) => attempt(content, index, mark, specialTokens))
    const rendering = renderAttempt(template, withContents(messages, marked, quote), quoted)
    const found = rendering === undefined ? undefined : readMarks(rendering, mark)
    if (found?.text === text) {
      requireAll(contents, (index, core) =>
        attempt === markContent ? found.edges.has(index) : text.includes(core),
      )
      return toRendering(found, contents)
    }
  }
  if (hasSpecialText) {
    throw new HoneError(
      'E_TEMPLATE',
      'a message holds special-token text that the template does not pass on as it is',
      {
        at: { pointer: '/messages' },
        hint: 'take the special-token text out of the message',
      },
    )
  }
  requireAll(contents, (_, core) => text.includes(core))
  return toRendering({ text, edges: new Map(), quotes: [] }, contents)
}

interface FoundMarks {
  readonly text: string
  readonly edges: ReadonlyMap<
    number,
    { readonly starts: readonly number[]; readonly ends: readonly number[] }
  >
  readonly quotes: readonly Range[]
}

function toRendering(found: FoundMarks, contents: readonly string[]): MarkedRendering {
  const pairs = [...found.edges.values()].flatMap(({ starts, ends }) =>
    starts.flatMap((start, index) => {
      const end = ends[index]
      return starts.length === ends.length && end !== undefined && end >= start ? [{ start, end }] : []
    }),
  )
  const fromMessages = [...pairs, ...found.quotes]
  return {
    text: found.text,
    isFromTemplate: (start, end) => fromMessages.every((range) => end <= range.start || start >= range.end),
    contentEdges: (message) => {
      const edges = found.edges.get(message)
      if (edges === undefined || trimmed(contents[message] ?? '').core === '')
        return { start: undefined, end: undefined }
      return { start: only(edges.starts), end: only(edges.ends) }
    },
  }
}

function only(places: readonly number[]): number | undefined {
  return places.length === 1 ? places[0] : undefined
}

/** A content in three parts: the white space that a template may trim, and what lies between. */
export function trimmed(content: string): { before: string; core: string; after: string } {
  const rest = pythonStrip(content, undefined, 'start')
  const core = pythonStrip(rest, undefined, 'end')
  return {
    before: content.slice(0, content.length - rest.length),
    core,
    after: rest.slice(core.length),
  }
}

function markContent(content: string, index: number, mark: string, tokens: readonly AddedToken[]): string {
  const { before, core, after } = trimmed(content)
  if (core === '') return content
  const quoted = quoteSpecialText(core, index, mark, tokens)
  return `${before}${mark}${index}o${mark}${quoted}${mark}${index}c${mark}${after}`
}

function quoteSpecialText(content: string, _: number, mark: string, tokens: readonly AddedToken[]): string {
  const present = tokens.filter((token) => content.includes(token.content))
  if (present.length === 0) return content
  const longestFirst = present.map((token) => token.content).toSorted((a, b) => b.length - a.length)
  const anyToken = new RegExp(
    longestFirst.map((token) => token.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'),
    'g',
  )
  return content.replaceAll(anyToken, (token) => `${mark}q${mark}${token}${mark}e${mark}`)
}

function readMarks(rendering: string, mark: string): FoundMarks {
  const edges = new Map<number, { starts: number[]; ends: number[] }>()
  const quotes: Range[] = []
  let text = ''
  let next = 0
  let quoteStart: number | undefined
  for (const match of rendering.matchAll(new RegExp(`${mark}(\\d*)([oceq])${mark}`, 'g'))) {
    text += rendering.slice(next, match.index)
    next = match.index + match[0].length
    const [, digits = '', kind] = match
    const message = Number(digits)
    if (kind === 'q') quoteStart = text.length
    else if (kind === 'e') {
      if (quoteStart !== undefined) quotes.push({ start: quoteStart, end: text.length })
      quoteStart = undefined
    } else {
      const places = edges.get(message) ?? { starts: [], ends: [] }
      edges.set(message, places)
      places[kind === 'o' ? 'starts' : 'ends'].push(text.length)
    }
  }
  return { text: text + rendering.slice(next), edges, quotes }
}

/** A noncharacter (U+FDD0 to U+FDEF) that does not occur. */
function unusedCharacter(text: string): string {
  for (let code = 0xfdd0; code <= 0xfdef; code++) {
    const character = String.fromCodePoint(code)
    if (!text.includes(character)) return character
  }
  throw new HoneError('E_TEMPLATE', 'the messages hold every noncharacter from U+FDD0 to U+FDEF', {
    at: { pointer: '/messages' },
    hint: 'noncharacters are not text: take them out',
  })
}

function withContents(
  messages: readonly Message[],
  contents: readonly string[],
  quote: (text: string) => string,
): Message[] {
  return messages.map((message, index) => ({
    ...message,
    content: contents[index] ?? message.content,
    ...(message.toolCalls === undefined
      ? {}
      : { toolCalls: message.toolCalls.map((call) => mapTexts(call, quote)) }),
  }))
}

/** The texts of calls and tools, which stand in no content. */
function besideContents(messages: readonly Message[], tools: readonly Tool[] = []): string {
  const said: string[] = []
  const gather = (text: string): string => {
    said.push(text)
    return text
  }
  for (const { toolCalls = [] } of messages) for (const call of toolCalls) mapTexts(call, gather)
  for (const tool of tools) mapTexts(tool, gather)
  return said.join(' ')
}

/** A call or tool with all its texts changed, keys within its arguments or parameters included. */
function mapTexts<Value extends Tool | ToolCall>(value: Value, change: (text: string) => string): Value {
  const mapped = (inner: unknown, isOuter = false): unknown => {
    if (typeof inner === 'string') return change(inner)
    if (Array.isArray(inner)) return inner.map((each) => mapped(each))
    if (typeof inner !== 'object' || inner === null) return inner
    const entries = Object.entries(inner as JsonObject)
    return Object.fromEntries(entries.map(([key, each]) => [isOuter ? key : change(key), mapped(each)]))
  }
  return mapped(value, true) as Value
}

/** A template may refuse what it does not expect in a content; then the marks cannot be used. */
function renderAttempt(
  template: ChatTemplate,
  messages: readonly Message[],
  options: RenderOptions,
): string | undefined {
  try {
    return template.render(messages, options)
  } catch {
    return undefined
  }
}

function requireAll(contents: readonly string[], isPresent: (index: number, core: string) => boolean): void {
  const missing = contents.findIndex((content, index) => {
    const { core } = trimmed(content)
    return core !== '' && !isPresent(index, core)
  })
  if (missing < 0) return
  throw new HoneError('E_TEMPLATE', `the model's chat template leaves out message ${missing + 1}`, {
    at: { pointer: `/messages/${missing}` },
    hint: 'put its text into a message that the template writes, for a system prompt the first user message',
  })
}
