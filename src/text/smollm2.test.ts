import { describe, expect, test } from 'vitest'
import { realBase } from '../../test/testing/real-base.ts'
import { openGguf } from '../engine/weights/gguf.ts'
import { createChatTemplate } from './chat-template.ts'
import { createChatText } from './chat-text.ts'
import { tokenizerFromGguf } from './gguf-tokenizer.ts'
import { differences, goldenCounts } from './testing/golden-hash.ts'
import { mixedConversations } from './testing/mixed-conversations.ts'
import { mixedStrings } from './testing/mixed-strings.ts'
import { fixture, type SmolLm2Goldens } from './testing/tiny-model.ts'
import { createTokenizer } from './tokenizer.ts'

const file = await realBase()

async function readBase(path: string): Promise<ReturnType<typeof tokenizerFromGguf>> {
  const gguf = await openGguf(path)
  await gguf.close()
  return tokenizerFromGguf(gguf.metadata)
}

describe.skipIf(file === undefined)('the default base', async () => {
  if (file === undefined) return
  const base = await readBase(file)
  const tokenizer = createTokenizer(base.tokenizer, base.config)
  const source = 'chat_template' in base.config ? String(base.config.chat_template) : ''
  const template = createChatTemplate(source, tokenizer.names)
  const chatText = createChatText(tokenizer, template)
  const strings = mixedStrings(goldenCounts.strings)
  const conversations = mixedConversations(goldenCounts.conversations)
  const transformers: SmolLm2Goldens = JSON.parse(fixture('smollm2-transformers.json'))

  test('token ids are those of llama.cpp on the same file', () => {
    const golden: { plain: string; special: string } = JSON.parse(fixture('smollm2-llama-cpp.json'))
    expect(
      differences(
        strings.map((text) => tokenizer.encode(text)),
        golden.plain,
      ),
    ).toEqual([])
    const withSpecial = strings.map((text) => tokenizer.encode(text, { special: true }))
    expect(differences(withSpecial, golden.special)).toEqual([])
  })

  test('token ids are those of tokenizers, where no character is dropped', () => {
    const isWhole = (index: number): boolean => tokenizer.droppedCharacters(strings[index] ?? '').length === 0
    expect(strings.filter((_, index) => isWhole(index)).length).toBeGreaterThan(2000)
    const plain = strings.map((text) => tokenizer.encode(text))
    expect(differences(plain, transformers.plain).filter(isWhole)).toEqual([])
    const withSpecial = strings.map((text) => tokenizer.encode(text, { special: true }))
    expect(differences(withSpecial, transformers.special).filter(isWhole)).toEqual([])
  })

  test('decoding gives back what was encoded, where no character is dropped', () => {
    const whole = strings.filter((text) => tokenizer.droppedCharacters(text).length === 0)
    expect(whole.filter((text) => tokenizer.decode(tokenizer.encode(text)) !== text)).toEqual([])
  })

  test('conversations are rendered and encoded as by transformers', () => {
    const render = (addGenerationPrompt: boolean): string[] =>
      conversations.map((messages) => template.render(messages, { addGenerationPrompt }))
    const rendered = render(false)
    expect(differences(rendered, transformers.chat.example)).toEqual([])
    expect(differences(render(true), transformers.chat.prompt)).toEqual([])

    const names = [...tokenizer.specialTokens.keys()]
    const ids = conversations.map((messages, index) => {
      if (names.some((name) => messages.some(({ content }) => content.includes(name)))) return ''
      return messages.some(({ role }) => role === 'assistant')
        ? chatText.encodeExample(messages).tokens
        : tokenizer.encode(rendered[index] ?? '', { special: true })
    })
    const isWhole = (index: number): boolean =>
      conversations[index]?.every(({ content }) => tokenizer.droppedCharacters(content).length === 0) ?? false
    expect(differences(ids, transformers.chat.ids).filter(isWhole)).toEqual([])
  })

  test('its default system prompt, its end of turn, its mask', () => {
    expect(template.defaultSystemPrompt).toBe(
      'You are a helpful AI assistant named SmolLM, trained by Hugging Face',
    )
    expect([...chatText.endOfTurn]).toEqual([2])
    const { tokens, trained, joinedAnswers } = chatText.encodeExample([
      { role: 'user', content: 'Hello <|im_end|>' },
      { role: 'assistant', content: 'Hi!' },
    ])
    expect(
      tokenizer.decode(
        tokens.filter((_, index) => trained[index]),
        { special: true },
      ),
    ).toBe('Hi!<|im_end|>')
    expect(joinedAnswers).toBe(0)
  })
})
