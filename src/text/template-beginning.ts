import type { Message } from '../core/example.ts'
import { createChatTemplate } from './chat-template.ts'

const conversations: readonly (readonly Message[])[] = [
  [{ role: 'user', content: 'Question' }],
  [
    { role: 'system', content: 'System' },
    { role: 'user', content: 'Question' },
  ],
]

/**
 * The template, made to begin with the beginning-of-sequence token unless it does so by itself. A runtime puts that token
 * before what the template wrote and leaves out a second one; in the template it is the same in training and serving.
 * A template that renders nothing here is left as it is: who uses it is told why it fails.
 */
export function beginTemplate(source: string, bos: string, eos: string | undefined): string {
  const rendered = firstRendering(source, bos, eos)
  return rendered === undefined || rendered.startsWith(bos) ? source : `{{ bos_token }}${source}`
}

function firstRendering(source: string, bos: string, eos: string | undefined): string | undefined {
  for (const messages of conversations) {
    try {
      return createChatTemplate(source, { bos, eos }).render(messages, { addGenerationPrompt: true })
    } catch {
      // The next conversation may be one that the template accepts.
    }
  }
  return undefined
}
