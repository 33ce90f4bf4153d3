import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../core/errors.ts'
import type { Message } from '../core/example.ts'
import { createChatTemplate, type ChatTemplate } from './chat-template.ts'
import { differences, goldenCounts } from './testing/golden-hash.ts'
import { mixedConversations } from './testing/mixed-conversations.ts'
import { templateNames, tinyGoldens, tinyTemplate, type TemplateName } from './testing/tiny-model.ts'

const conversations = mixedConversations(goldenCounts.conversations)

/** What the template renders, or its refusal in the words of the golden script. */
function rendering(
  template: ChatTemplate,
  messages: readonly Message[],
  addGenerationPrompt: boolean,
): string {
  try {
    return template.render(messages, { addGenerationPrompt })
  } catch (error) {
    if (HoneError.isInstance(error) && error.cause instanceof Error) return `refused: ${error.cause.message}`
    throw error
  }
}

describe.each(templateNames)('%s', (name) => {
  const template = tinyTemplate(name)

  test('renders what transformers renders, refusals included', () => {
    const golden = tinyGoldens.templates[`${name}.jinja`]
    const examples = conversations.map((messages) => rendering(template, messages, false))
    expect(differences(examples, golden?.example ?? '')).toEqual([])
    const prompts = conversations.map((messages) => rendering(template, messages, true))
    expect(differences(prompts, golden?.prompt ?? '')).toEqual([])
  })

  test('the hash is that of the source', () => {
    expect(template.hash).toBe(createHash('sha256').update(template.source).digest('hex'))
  })
})

describe('default system prompt', () => {
  const defaults: Record<TemplateName, string | undefined> = {
    'chatml-default-system': 'You answer for a test bench.',
    gemma: undefined,
    'llama-2': undefined,
    'llama-3': undefined,
    thinking: undefined,
    zephyr: undefined,
  }

  test.each(templateNames)('%s', (name) => {
    expect(tinyTemplate(name).defaultSystemPrompt).toBe(defaults[name])
  })

  test.each([
    [
      'before the first turn',
      "{% if messages[0].role != 'system' %}A chat. {% endif %}{% for m in messages %}{{ m.content + ' ' }}{% endfor %}",
      'A chat.',
    ],
    [
      'with the same words as its frame',
      "{% for m in messages %}{% if loop.first and m.role != 'system' %}<s>s</s>{% endif %}<s>{{ m.content }}</s>{% endfor %}",
      's',
    ],
    [
      'joined to the question',
      "[{% if messages[0].role == 'system' %}{{ messages[0].content }} {% endif %}{{ messages[-1].content }}]",
      undefined,
    ],
    [
      'a preamble that is always there',
      'Rules. {% for m in messages %}{{ m.content }}{% endfor %}',
      undefined,
    ],
    ['no message at all', 'Hello', undefined],
  ])('%s', (_, source, expected) => {
    expect(createChatTemplate(source, {}).defaultSystemPrompt).toBe(expected)
  })
})

describe('errors', () => {
  const question: Message[] = [{ role: 'user', content: 'q' }]

  test('a refusal comes with the words of the template', () => {
    const template = tinyTemplate('gemma')
    expect(() =>
      template.render([{ role: 'system', content: 's' }, ...question], { addGenerationPrompt: true }),
    ).toThrowError(
      expect.objectContaining({
        code: 'E_TEMPLATE',
        message: expect.stringContaining('System role not supported'),
      }),
    )
  })

  test.each([
    ['{% for %}', 'cannot be read'],
    ['{{ "a', 'cannot be read'],
  ])('a source that is no template: %s', (source, words) => {
    expect(() => createChatTemplate(source, {})).toThrowError(
      expect.objectContaining({ code: 'E_TEMPLATE', message: expect.stringContaining(words) }),
    )
  })

  test.each([
    '{{ messages | telepathy }}',
    '{{ messages + 1 }}',
    '{% for i in range(10 ** 12) %}x{% endfor %}',
  ])('a template that fails: %s', (source) => {
    const template = createChatTemplate(source, {})
    expect(() => template.render(question, { addGenerationPrompt: true })).toThrowError(
      expect.objectContaining({ code: 'E_TEMPLATE' }),
    )
  })
})

test('range counts as Python does', () => {
  const source =
    '{{ range(3) | join(",") }};{{ range(2, 5) | join(",") }};{{ range(5, 0, -2) | join(",") }};{{ range(0) | length }}'
  expect(createChatTemplate(source, {}).render([], { addGenerationPrompt: false })).toBe(
    '0,1,2;2,3,4;5,3,1;0',
  )
})
