import type { RecordShape } from '../profile.ts'

/** One text in, one text out. */
export const promptCompletionShape: RecordShape = {
  kind: 'prompt-completion',
  required: ['prompt', 'completion'],
  optional: [],
  messageKeys: [],
  roles: [],
  alternating: false,
  minimumMessages: 0,
  content: 'text',
  source: 'bedrock-data',
}

/** The format `bedrock-conversation-2024`. */
export const converseShape: RecordShape = {
  kind: 'converse',
  required: ['messages'],
  optional: ['schemaVersion', 'system'],
  schemaVersions: ['bedrock-conversation-2024'],
  messageKeys: ['role', 'content'],
  roles: ['user', 'assistant'],
  alternating: true,
  first: 'user',
  last: 'assistant',
  minimumMessages: 2,
  content: 'blocks',
  source: 'bedrock-data',
}

export const openaiChatShape: RecordShape = {
  kind: 'openai-chat',
  required: ['messages'],
  optional: ['tools', 'parallel_tool_calls', 'functions', 'tool_choice', 'response_format'],
  messageKeys: [
    'role',
    'content',
    'name',
    'weight',
    'tool_calls',
    'tool_call_id',
    'function_call',
    'refusal',
  ],
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  alternating: false,
  last: 'assistant',
  minimumMessages: 2,
  content: 'either',
  source: 'openai-supervised',
}
