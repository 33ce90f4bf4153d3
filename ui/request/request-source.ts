/** What a model is asked, in the words of no API. */
export interface ModelRequest {
  readonly model: string
  /** What Bedrock's clients call it; undefined where they cannot. */
  readonly bedrockId?: string | undefined
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[]
  readonly maxTokens?: number | undefined
  readonly temperature?: number | undefined
  readonly topP?: number | undefined
  readonly topK?: number | undefined
  readonly seed?: number | undefined
}

export type SourceKind = 'curl' | 'openai' | 'anthropic' | 'boto3'

/** The request as code. The key is read from HONE_KEY; it is never written out. */
export function requestSource(kind: SourceKind, request: ModelRequest, address: string): string {
  switch (kind) {
    case 'curl':
      return curlSource(request, address)
    case 'openai':
      return openAiSource(request, address)
    case 'anthropic':
      return anthropicSource(request, address)
    case 'boto3':
    default:
      return boto3Source(request, address)
  }
}

const given = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

function curlSource(
  { model, messages, maxTokens, temperature, topP, topK, seed }: ModelRequest,
  address: string,
): string {
  const body = given({ model, messages, maxTokens, temperature, topP, topK, seed })
  return [
    `curl -sS --fail-with-body -N ${shellText(`${address}/api/chat`)} \\`,
    `  -H "Authorization: Bearer $HONE_KEY" -H 'Content-Type: application/json' \\`,
    `  -d ${shellText(JSON.stringify(body, null, 2))}`,
  ].join('\n')
}

/** Within single quotes a shell reads nothing but the end. */
const shellText = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

function openAiSource(request: ModelRequest, address: string): string {
  const { model, messages, maxTokens, temperature, topP, seed } = request
  const settings = given({ max_tokens: maxTokens, temperature, top_p: topP, seed })
  return [
    'import os',
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url=${pythonText(`${address}/v1`)}, api_key=os.environ["HONE_KEY"])`,
    'answer = client.chat.completions.create(',
    ...pythonMembers({ model, messages, ...settings }),
    ')',
    'print(answer.choices[0].message.content)',
  ].join('\n')
}

function anthropicSource(request: ModelRequest, address: string): string {
  const { model, messages, maxTokens = 256, temperature, topP, topK } = request
  const system = messages.find(({ role }) => role === 'system')?.content
  const turns = messages.filter(({ role }) => role !== 'system')
  // Their temperature ends at 1.
  const warmth = temperature === undefined ? undefined : Math.min(1, temperature)
  const members = given({
    model,
    max_tokens: maxTokens,
    system,
    messages: turns,
    temperature: warmth,
    top_p: topP,
    top_k: topK,
  })
  return [
    'import os',
    'import anthropic',
    '',
    `client = anthropic.Anthropic(base_url=${pythonText(address)}, api_key=os.environ["HONE_KEY"])`,
    'answer = client.messages.create(',
    ...pythonMembers(members),
    ')',
    'print(answer.content[0].text)',
  ].join('\n')
}

function boto3Source(request: ModelRequest, address: string): string {
  const { bedrockId, messages, maxTokens, temperature, topP } = request
  if (bedrockId === undefined) {
    return [
      '# Bedrock has no name for this model: it was not made by a job of that API.',
      '# Ask it by its own name with curl, openai or anthropic.',
    ].join('\n')
  }
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => ({ text: content }))
  const turns = messages
    .filter(({ role }) => role !== 'system')
    .map(({ role, content }) => ({ role, content: [{ text: content }] }))
  const inferenceConfig = given({
    maxTokens,
    temperature: temperature === undefined ? undefined : Math.min(1, temperature),
    topP,
  })
  return [
    '# AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: a pair of keys of this server',
    'import boto3',
    '',
    `client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=${pythonText(address)})`,
    'answer = client.converse(',
    ...pythonMembers({
      modelId: bedrockId,
      ...(system.length === 0 ? {} : { system }),
      messages: turns,
      ...(Object.keys(inferenceConfig).length === 0 ? {} : { inferenceConfig }),
    }),
    ')',
    'print(answer["output"]["message"]["content"][0]["text"])',
  ].join('\n')
}

const pythonMembers = (members: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(members).map(([name, value]) => `    ${name}=${pythonValue(value, 1)},`)

/** What JSON says of a text Python reads as the same text, but for halves of characters. */
const pythonText = (text: string): string => JSON.stringify(text)

function pythonValue(value: unknown, depth: number): string {
  const [inner, outer] = ['    '.repeat(depth + 1), '    '.repeat(depth)]
  if (typeof value === 'string') return pythonText(value)
  if (Array.isArray(value)) {
    return `[\n${value.map((each) => `${inner}${pythonValue(each, depth + 1)},\n`).join('')}${outer}]`
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, each]) => `${pythonText(name)}: ${pythonValue(each, depth)}`,
    )
    return `{${members.join(', ')}}`
  }
  return JSON.stringify(value)
}
