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

/**
 * The GGUF metadata of a byte-level vocabulary: of 900 tokens with the special tokens of several model families, or of
 * 1,500 that reach over words, digits and spaces.
 */
export function tinyMetadata(kind = 'smollm', name: 'tiny' | 'wide' = 'tiny'): Map<string, unknown> {
  const vocabulary: { tokens: string; merges: string; types: number[] } = JSON.parse(
    fixture(`${name}-vocabulary.json`),
  )
  const tokens = vocabulary.tokens.split(' ')
  return new Map<string, unknown>([
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.pre', kind],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.merges', vocabulary.merges.split('\n')],
    ['tokenizer.ggml.token_type', Int32Array.from(vocabulary.types)],
    ['tokenizer.ggml.bos_token_id', name === 'tiny' ? tokens.indexOf('<s>') : 0],
    ['tokenizer.ggml.eos_token_id', name === 'tiny' ? tokens.indexOf('</s>') : 1],
  ])
}

export function tinyTokenizer(kind = 'smollm', name: 'tiny' | 'wide' = 'tiny'): Tokenizer {
  const { tokenizer, config } = tokenizerFromGguf(tinyMetadata(kind, name))
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
