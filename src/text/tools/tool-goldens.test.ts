import { describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import type { ChatTemplate } from '../chat-template.ts'
import { differences } from '../testing/golden-hash.ts'
import { templateNames, tinyTemplate } from '../testing/tiny-model.ts'
import { toolConversations, type ToolConversation } from '../testing/tool-conversations.ts'
import { toolGoldenCount, toolGoldens, toolTemplate, toolTemplateNames } from '../testing/tool-templates.ts'
import { findTemplateTools } from './template-tools.ts'

const conversations = toolConversations(toolGoldenCount)

/** What the template renders, or its refusal in the words of the golden script. */
function rendering(
  template: ChatTemplate,
  { messages, tools }: ToolConversation,
  addGenerationPrompt: boolean,
): string {
  try {
    return template.render(messages, { addGenerationPrompt, tools })
  } catch (error) {
    if (HoneError.isInstance(error) && error.cause instanceof Error) return `refused: ${error.cause.message}`
    throw error
  }
}

describe.each(toolTemplateNames)('%s', (name) => {
  test('renders tools, calls and results as transformers does, refusals included', () => {
    const template = toolTemplate(name)
    const golden = toolGoldens.templates[name]
    const examples = conversations.map((each) => rendering(template, each, false))
    expect(differences(examples, golden.example)).toEqual([])
    const prompts = conversations.map((each) => rendering(template, each, true))
    expect(differences(prompts, golden.prompt)).toEqual([])
    expect(examples.filter((each) => !each.startsWith('refused')).length).toBeGreaterThan(90)
  })
})

describe('the section for tools of a template', () => {
  test.each([
    ['list', 'list', false, true],
    ['object', 'object', false, false],
    ['tags', 'tags', true, true],
    ['thinking-tags', 'tags', true, true],
  ] as const)('%s is found', (name, id, writesTextWithCalls, writesSeveralCalls) => {
    expect(findTemplateTools(toolTemplate(name))).toMatchObject({
      form: { id },
      writesTextWithCalls,
      writesSeveralCalls,
    })
  })

  test.each(templateNames)('%s has none', (name) => {
    expect(findTemplateTools(tinyTemplate(name))).toBeUndefined()
  })
})
