import { assert, constantFrom, pre, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Message } from '../core/example.ts'
import { createChatTemplate } from './chat-template.ts'
import { createChatText, type ChatText } from './chat-text.ts'
import { pythonStrip } from './python-strip.ts'
import { differences, goldenCounts } from './testing/golden-hash.ts'
import { mixedConversations } from './testing/mixed-conversations.ts'
import { mixedStrings } from './testing/mixed-strings.ts'
import {
  templateNames,
  tinyGoldens,
  tinyTemplate,
  tinyTokenizer,
  type TemplateName,
} from './testing/tiny-model.ts'
import type { Tokenizer } from './tokenizer.ts'

const tiny = tinyTokenizer()
/** Each template with the way of cutting text that its models have. */
const tokenizers: Partial<Record<TemplateName, Tokenizer>> = {
  'llama-3': tinyTokenizer('llama-bpe'),
  thinking: tinyTokenizer('qwen2'),
}
const conversations = mixedConversations(goldenCounts.conversations)

/** What each template writes after an answer, and what is trained of the answer `a` after the question `q`. */
const turns: Record<TemplateName, { end: string; trained: string }> = {
  'chatml-default-system': { end: '<|im_end|>', trained: 'a<|im_end|>' },
  gemma: { end: '<end_of_turn>', trained: 'a<end_of_turn>' },
  'llama-2': { end: '</s>', trained: ' a </s>' },
  'llama-3': { end: '<|eot_id|>', trained: 'a<|eot_id|>' },
  thinking: { end: '<|im_end|>', trained: '<think>\n\n</think>\n\na<|im_end|>' },
  zephyr: { end: '</s>', trained: 'a</s>' },
}

function trainedText(chatText: ChatText, messages: readonly Message[]): string {
  const { tokens, trained } = chatText.encodeExample(messages)
  return tiny.decode(
    tokens.filter((_, index) => trained[index]),
    { special: true },
  )
}

function exchange(question: string, answer: string): Message[] {
  return [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]
}

const hasSpecialText = (messages: readonly Message[]): boolean =>
  messages.some(({ content }) => [...tiny.specialTokens.keys()].some((token) => content.includes(token)))

describe.each(templateNames)('%s', (name) => {
  const tokenizer = tokenizers[name] ?? tiny
  const template = tinyTemplate(name)
  const chatText = createChatText(tokenizer, template)
  const { end, trained } = turns[name]

  test('generation stops at the end of sequence and at the end of the turn', () => {
    const ids = [tokenizer.endOfSequence, tokenizer.specialTokens.get(end)]
    expect(new Set(chatText.endOfTurn)).toEqual(new Set(ids))
    expect(chatText.templateHash).toBe(template.hash)
  })

  test('the loss is taken on the answer and its end, not on what follows', () => {
    expect(trainedText(chatText, exchange('q', 'a'))).toBe(trained)
  })

  test('ids are those of transformers where no message holds special-token text', () => {
    const ids = conversations.map((messages) => {
      if (hasSpecialText(messages)) return ''
      try {
        const text = template.render(messages, { addGenerationPrompt: false })
        const tokens = messages.some(({ role }) => role === 'assistant')
          ? encodeAllowingRefusal(chatText, messages)
          : undefined
        return tokens ?? tokenizer.encode(text, { special: true })
      } catch {
        return ''
      }
    })
    expect(differences(ids, tinyGoldens.templates[`${name}.jinja`]?.ids ?? '')).toEqual([])
  })

  test('a prompt goes on where the answer of an example starts', () => {
    const messages = exchange('What now?', 'This.')
    const prompt = chatText.encodePrompt(messages.slice(0, 1))
    const { tokens, trained: flags } = chatText.encodeExample(messages)
    expect(tokens.slice(0, prompt.length)).toEqual(prompt)
    expect(flags.indexOf(true)).toBe(prompt.length)
  })

  test('the beginning of an answer is the end of its prompt, as text', () => {
    const hostile = `This ${[...tokenizer.specialTokens.keys()].join('')} is`
    const question = exchange('What now?', '').slice(0, 1)
    const prompt = chatText.encodePrompt(exchange('What now?', hostile), [], true)
    const start = template.render(question, { addGenerationPrompt: true })
    expect(tokenizer.decode(prompt, { special: true })).toBe(`${start}${hostile}`)
    const special = new Set(tokenizer.specialTokens.values())
    expect(prompt.filter((id) => special.has(id))).toEqual(
      chatText.encodePrompt(question).filter((id) => special.has(id)),
    )
  })

  test('the mask covers the answer for any text, special-token text included', () => {
    const text = constantFrom(...mixedStrings(900)).filter(
      (each) => pythonStrip(each) === each && each !== '',
    )
    assert(
      property(text, text, (question, answer) => {
        pre(name !== 'thinking' || !answer.includes('</think>'))
        const expected = `${trained.slice(0, trained.lastIndexOf('a'))}${answer}${trained.slice(trained.lastIndexOf('a') + 1)}`
        expect(trainedText(chatText, exchange(question, answer))).toBe(expected)
      }),
    )
  })

  test('special-token text in a message is text', () => {
    const hostile = [...tokenizer.specialTokens.keys()].join('')
    const count = (messages: readonly Message[]): number => {
      const special = new Set(tokenizer.specialTokens.values())
      return chatText.encodeExample(messages).tokens.filter((id) => special.has(id)).length
    }
    expect(count(exchange(`q ${hostile}`, `${hostile} a`))).toBe(count(exchange('q', 'a')))
    const prompt = chatText.encodePrompt([{ role: 'user', content: hostile }])
    expect(tokenizer.decode(prompt, { special: true })).toBe(
      template.render([{ role: 'user', content: hostile }], { addGenerationPrompt: true }),
    )
  })
})

function encodeAllowingRefusal(
  chatText: ChatText,
  messages: readonly Message[],
): readonly number[] | undefined {
  try {
    return chatText.encodeExample(messages).tokens
  } catch {
    return undefined
  }
}

describe('several answers', () => {
  const chatText = createChatText(tiny, tinyTemplate('chatml-default-system'))
  const messages = [...exchange('one', 'first'), ...exchange('two', 'second')]

  test('all of them are trained by default, the last alone when asked', () => {
    expect(trainedText(chatText, messages)).toBe('first<|im_end|>second<|im_end|>')
    const { tokens, trained } = chatText.encodeExample(messages, { answers: 'last' })
    expect(tiny.decode(tokens.filter((_, index) => trained[index]))).toBe('second')
  })

  test('a template that rewrites earlier answers is refused, unless only the last one counts', () => {
    const thinking = createChatText(tiny, tinyTemplate('thinking'))
    expect(() => thinking.encodeExample(messages)).toThrowError(
      expect.objectContaining({ code: 'E_TEMPLATE', at: { pointer: '/messages/1' } }),
    )
    const { tokens, trained } = thinking.encodeExample(messages, { answers: 'last' })
    expect(tiny.decode(tokens.filter((_, index) => trained[index]))).toBe('<think>\n\n</think>\n\nsecond')
  })
})

describe('edges', () => {
  const chatml = createChatText(tiny, tinyTemplate('chatml-default-system'))

  test('an empty answer trains its end alone', () => {
    expect(trainedText(chatml, exchange('q', ''))).toBe('<|im_end|>')
  })

  test('a conversation without an answer is refused', () => {
    expect(() => chatml.encodeExample([{ role: 'user', content: 'q' }])).toThrowError(
      expect.objectContaining({ code: 'E_DATA' }),
    )
  })

  test('an answer that begins inside a token of the prompt is counted, and that token is not trained', () => {
    const { tokens, trained, joinedAnswers } = chatml.encodeExample(exchange('q', '\n\nafter'))
    expect(joinedAnswers).toBe(1)
    const text = tiny.decode(tokens.filter((_, index) => trained[index]))
    expect('\n\nafter'.endsWith(text) && text.endsWith('after')).toBe(true)
    expect(chatml.encodeExample(exchange('q', 'after')).joinedAnswers).toBe(0)
  })

  test('a token is not doubled which the template writes already', () => {
    const llama = createChatText(tiny, tinyTemplate('llama-3'))
    const beginnings = llama
      .encodePrompt([{ role: 'user', content: '<s>' }])
      .filter((id) => id === tiny.beginningOfSequence)
    expect(beginnings).toHaveLength(1)
  })

  test('messages that hold noncharacters are encoded as they are', () => {
    const content = String.fromCodePoint(...Array.from({ length: 28 }, (_, index) => 0xfdd0 + index))
    expect(trainedText(chatml, exchange(content, content))).toBe(`${content}<|im_end|>`)
  })
})

function loop(body: string): string {
  return `{% for m in messages %}${body}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}`
}

describe('templates of which no exact mask can be made are refused', () => {
  const messages: Message[] = [{ role: 'system', content: 'sys' }, ...exchange('qq', 'aa')]
  const turn = '<|{{ m.role }}|>{{ m.content }}</s>'

  test('the plain form of these templates is not refused', () => {
    expect(trainedText(createChatText(tiny, createChatTemplate(loop(turn), {})), messages)).toBe('aa</s>')
  })

  test.each([
    ['leaves out the system message', loop(`{% if m.role != 'system' %}${turn}{% endif %}`)],
    ['changes the answer', loop("<|{{ m.role }}|>{{ m.content | replace('a', 'b') }}</s>")],
    [
      'cuts the end of the answer off',
      loop("<|{{ m.role }}|>{{ m.content[:1] if m.role == 'assistant' else m.content }}</s>"),
    ],
    ['writes the answer twice', loop('<|{{ m.role }}|>{{ m.content }}{{ m.content }}</s>')],
    ['writes no end of turn', loop('<|{{ m.role }}|>{{ m.content }}')],
    [
      'ends all but the last turn',
      loop('<|{{ m.role }}|>{{ m.content }}{% if not loop.last %}</s>{% endif %}'),
    ],
    [
      'writes the question differently once it is answered',
      loop("<|{{ m.role }}|>{% if m.role == 'user' and loop.last %}now: {% endif %}{{ m.content }}</s>"),
    ],
  ])('one that %s', (_, source) => {
    const chatText = createChatText(tiny, createChatTemplate(source, {}))
    expect(() => chatText.encodeExample(messages)).toThrowError(
      expect.objectContaining({ code: 'E_TEMPLATE' }),
    )
  })

  test('an answer without what the generation prompt ends with starts at its content', () => {
    const source = `{% for m in messages %}${turn}{% endfor %}{% if add_generation_prompt %}<|assistant|><think>\n{% endif %}`
    expect(trainedText(createChatText(tiny, createChatTemplate(source, {})), messages)).toBe('aa</s>')
  })

  test('a template that looks into a message cannot hide special-token text', () => {
    const source = loop(
      "<|{{ m.role }}|>{% if m.content == '</s>' %}exact{% else %}{{ m.content }}{% endif %}</s>",
    )
    const chatText = createChatText(tiny, createChatTemplate(source, {}))
    expect(() => chatText.encodePrompt([{ role: 'user', content: '</s>' }])).toThrowError(
      expect.objectContaining({ code: 'E_TEMPLATE' }),
    )
  })
})
