import { createChatTemplate, type ChatTemplate } from '../chat-template.ts'
import { fixture } from './tiny-model.ts'

/** How many conversations the committed goldens cover. */
export const toolGoldenCount = 200

export const toolTemplateNames = ['list', 'object', 'tags', 'thinking-tags'] as const

export type ToolTemplateName = (typeof toolTemplateNames)[number]

interface ToolGoldens {
  readonly templates: Readonly<
    Record<ToolTemplateName, { readonly example: string; readonly prompt: string }>
  >
}

/** What transformers rendered, `bench/peers/tool_goldens.py`. */
export const toolGoldens: ToolGoldens = JSON.parse(fixture('tool-goldens.json'))

/** A template of `fixtures/tool-templates`, which write tools in the ways of different families of models. */
export function toolTemplate(name: ToolTemplateName): ChatTemplate {
  return createChatTemplate(fixture(`tool-templates/${name}.jinja`), { bos: '<s>', eos: '</s>' })
}
