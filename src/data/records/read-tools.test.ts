import { expect, test } from 'vitest'
import { scanExamples } from './read-examples.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const user = { role: 'user', content: 'Where is my card?' }
const assistant = { role: 'assistant', content: 'card_arrival' }

test('tools, calls and their results are read for training, from any form that holds them', async () => {
  const tool = { name: 'find', description: 'Finds', parameters: { type: 'object' } }
  const call = { id: 'a', name: 'find', arguments: { id: 'C-7' } }
  const openai = {
    messages: [
      user,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'find', arguments: '{"id":"C-7"}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'paid' },
      assistant,
    ],
    tools: [{ type: 'function', function: tool }],
    tool_choice: 'auto',
  }
  const anthropic = {
    messages: [
      user,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'find', input: { id: 'C-7' } }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'paid' }] }],
      },
      assistant,
    ],
    tools: [{ name: 'find', description: 'Finds', input_schema: { type: 'object' } }],
  }
  for (const record of [openai, anthropic]) {
    await using folder = await temporaryFolder()
    const file = await folder.write('data.jsonl', JSON.stringify(record))
    const { examples, problems } = await scanExamples(file)
    expect(problems.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(examples).toMatchObject([
      {
        tools: [tool],
        messages: [
          user,
          { role: 'assistant', content: '', toolCalls: [call] },
          { role: 'tool', content: 'paid', toolCallId: 'a' },
          assistant,
        ],
      },
    ])
  }
})
