import { toOllamaTemplate } from '../../text/ollama-template.ts'
import type { ModelText } from '../../text/load-chat-text.ts'

export interface ModelfileParts {
  readonly model: string
  readonly base: string
  /** Name of the base's or merged GGUF file beside the Modelfile. */
  readonly from: string
  /** Name of the adapter's file, where it is not merged. */
  readonly adapter: string | undefined
  readonly text: ModelText
  /** False where llama.cpp is told not to begin with the beginning of sequence. */
  readonly addsBeginning: boolean
  readonly systemPrompt: string | null
}

/**
 * A Modelfile of Ollama: https://github.com/ollama/ollama/blob/main/docs/modelfile.md
 *
 * @returns `template` is false where the chat template could not be translated, which the file then says
 */
export function modelfileOf(parts: ModelfileParts): { readonly content: string; readonly template: boolean } {
  const { tokenizer, template, chatText } = parts.text
  const written = parts.addsBeginning ? tokenizer.names.bos : undefined
  const translated = toOllamaTemplate(template, written)
  const stops = [...chatText.endOfTurn].map((id) => tokenizer.decode([id], { special: true }))
  const prompt = parts.systemPrompt
  const origin = parts.model === parts.base ? '' : `, tuned from ${oneLine(parts.base)}`
  const lines = [
    `# ${oneLine(parts.model)}${origin}. ollama create NAME -f Modelfile`,
    `FROM ./${parts.from}`,
    ...(parts.adapter === undefined ? [] : [`ADAPTER ./${parts.adapter}`]),
    translated === undefined
      ? '# The chat template does more than frame each message, so it is not translated: Ollama uses its own for this model.'
      : `TEMPLATE """${translated}"""`,
    ...(prompt === null || prompt.includes('"""') ? [] : [`SYSTEM """${prompt}"""`]),
    ...stops.filter((stop) => stop !== '').map((stop) => `PARAMETER stop ${JSON.stringify(stop)}`),
  ]
  return { content: `${lines.join('\n')}\n`, template: translated !== undefined }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')
