/** A file that breaks a rule, and one that nearly does. */
export interface RuleCase {
  readonly id: string
  /** Default `bedrock:claude-3-haiku`. */
  readonly for?: string | undefined
  /** Lines of the file: objects are written as JSON. */
  readonly bad: readonly (object | string)[]
  readonly near: readonly (object | string)[]
  readonly schema?: object
  readonly against?: readonly object[]
  readonly label?: string
  readonly privacy?: true
  /** Names of the two files. */
  readonly names?: readonly [bad: string, near: string]
}

type Said = readonly [role: string, content: unknown, more?: object]

const messages = (...said: readonly Said[]): object[] =>
  said.map(([role, content, more]) => ({ role, content, ...more }))

/** A record with a question and an answer, and what else it has. */
export const chat = (question: unknown, answer: unknown, more: object = {}): object => ({
  messages: messages(['user', question], ['assistant', answer]),
  ...more,
})

export const talk = (...said: readonly Said[]): object => ({ messages: messages(...said) })

const text = (content: string): readonly object[] => [{ text: content }]

export const converse = (question: string, answer: string, more: object = {}): object => ({
  schemaVersion: 'bedrock-conversation-2024',
  messages: messages(['user', text(question)], ['assistant', text(answer)]),
  ...more,
})

const picture = (format: string, uri = 's3://b/a.png'): object => ({
  image: { format, source: { s3Location: { uri } } },
})

export const withPictures = (count: number, format = 'png'): object => ({
  schemaVersion: 'x',
  messages: messages(
    ['user', [{ text: 'q' }, ...Array.from({ length: count }, () => picture(format))]],
    ['assistant', text('a')],
  ),
})

export const many = (count: number, make: (at: number) => object): object[] =>
  Array.from({ length: count }, (_, at) => make(at))

const tool = (parameters: object): object => ({ type: 'function', function: { name: 'find', parameters } })
const numberTool = tool({ type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] })

export const calling = (name: string, given: string, tools: readonly object[] = [numberTool]): object => ({
  tools,
  messages: [
    { role: 'user', content: 'q' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name, arguments: given } }],
    },
    { role: 'tool', content: '1', tool_call_id: 'c1' },
    { role: 'assistant', content: 'a' },
  ],
})

export const pair = (preferred: string, other: string, last = 'user'): object => ({
  input: { messages: messages(['user', 'q'], ...(last === 'user' ? [] : [['assistant', 'x'] as const])) },
  preferred_output: messages(['assistant', preferred]),
  non_preferred_output: messages(['assistant', other]),
})
