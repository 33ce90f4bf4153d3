import type { Message, Tool } from '../../core/example.ts'
import type { ChatTemplate } from '../chat-template.ts'
import { writeTagged } from './call-form.ts'
import type { PlacedMessage, PreparedConversation } from './prepared-conversation.ts'

/**
 * A conversation with tools as one of plain texts, for templates without a section for tools: the tools stand at the end
 * of the system prompt, calls after the text of an answer, results in the user's turn. Models learn these very words, so
 * they never change: docs/tools.md shows them.
 */
export function toLayout(
  template: ChatTemplate,
  placed: readonly PlacedMessage[],
  tools: readonly Tool[],
): PreparedConversation {
  const written: { role: Message['role']; content: string; origin: number }[] = []
  let previous: Message | undefined
  for (const { message, origin } of placed) {
    const { role, content, toolCalls = [] } = message
    const last = written.at(-1)
    if (role === 'tool') {
      const result = `<tool_result>${content}</tool_result>`
      if (previous?.role === 'tool' && last !== undefined) last.content += `\n${result}`
      else written.push({ role: 'user', content: result, origin })
    } else if (role === 'user' && previous?.role === 'tool' && last !== undefined)
      last.content += `\n${content}`
    else {
      const lines = [...(content === '' ? [] : [content]), ...toolCalls.map(writeTagged)]
      written.push({ role, content: toolCalls.length === 0 ? content : lines.join('\n'), origin })
    }
    previous = message
  }
  if (tools.length > 0) addTools(written, template, toolSection(tools))
  return {
    messages: written.map(({ role, content }) => ({ role, content })),
    tools: undefined,
    origins: written.map(({ origin }) => origin),
  }
}

function addTools(
  written: { role: Message['role']; content: string; origin: number }[],
  template: ChatTemplate,
  section: string,
): void {
  const [head] = written
  if (head?.role === 'system') head.content = `${head.content}\n\n${section}`
  else if (head !== undefined && !takesSystemMessage(template)) head.content = `${section}\n\n${head.content}`
  else {
    const { defaultSystemPrompt } = template
    const content = defaultSystemPrompt === undefined ? section : `${defaultSystemPrompt}\n\n${section}`
    written.unshift({ role: 'system', content, origin: 0 })
  }
}

function takesSystemMessage(template: ChatTemplate): boolean {
  const messages: readonly Message[] = [
    { role: 'system', content: 'Hsystemprobe' },
    { role: 'user', content: 'Huserprobe' },
  ]
  try {
    return template.render(messages, { addGenerationPrompt: true }).includes('Hsystemprobe')
  } catch {
    return false
  }
}

const toolSection = (tools: readonly Tool[]): string =>
  [
    '# Tools',
    '',
    'You may call these tools; each line is the JSON of one, with the JSON Schema of its arguments:',
    '<tools>',
    ...tools.map(({ name, description, parameters }) => JSON.stringify({ name, description, parameters })),
    '</tools>',
    '',
    'To call tools, end your answer with one such line for each call:',
    '<tool_call>{"name": "…", "arguments": {…}}</tool_call>',
    'The result of each call comes back in <tool_result></tool_result>.',
  ].join('\n')
