import { readFileSync } from 'node:fs'
import { createChatTemplate, type ChatTemplate } from '../chat-template.ts'
import { tokenizerFromGguf } from '../gguf-tokenizer.ts'
import { createTokenizer, type Tokenizer } from '../tokenizer.ts'

interface TemplateGoldens {
  readonly example: string
  readonly prompt: string
  readonly ids: string
}

interface TinyGoldens {
  readonly strings: number
  readonly kinds: Readonly<
    Record<string, { readonly plain: string; readonly special: string; readonly decoded: string }>
  >
  readonly templates: Readonly<Record<string, TemplateGoldens>>
}

export interface SmolLm2Goldens {
  readonly plain: string
  readonly special: string
  readonly chat: TemplateGoldens
}

/** What tokenizers and transformers answered, `bench/peers/text_goldens.py`. */
export const tinyGoldens: TinyGoldens = JSON.parse(fixture('tiny-goldens.json'))

/** The GGUF metadata of a byte-level vocabulary of 900 tokens, with the special tokens of several model families. */
export function tinyMetadata(kind = 'smollm'): Map<string, unknown> {
  const vocabulary: { tokens: string; merges: string; types: number[] } = JSON.parse(
    fixture('tiny-vocabulary.json'),
  )
  const tokens = vocabulary.tokens.split(' ')
  return new Map<string, unknown>([
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.pre', kind],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.merges', vocabulary.merges.split('\n')],
    ['tokenizer.ggml.token_type', Int32Array.from(vocabulary.types)],
    ['tokenizer.ggml.bos_token_id', tokens.indexOf('<s>')],
    ['tokenizer.ggml.eos_token_id', tokens.indexOf('</s>')],
  ])
}

export function tinyTokenizer(kind = 'smollm'): Tokenizer {
  const { tokenizer, config } = tokenizerFromGguf(tinyMetadata(kind))
  return createTokenizer(tokenizer, config)
}

export const templateNames = [
  'chatml-default-system',
  'gemma',
  'llama-2',
  'llama-3',
  'thinking',
  'zephyr',
] as const

export type TemplateName = (typeof templateNames)[number]

/** A template of `fixtures/templates`, on the day that its goldens were made for. */
export function tinyTemplate(name: TemplateName): ChatTemplate {
  const source = fixture(`templates/${name}.jinja`)
  return createChatTemplate(source, { bos: '<s>', eos: '</s>' }, { now: () => new Date(2024, 6, 26) })
}

export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
}
