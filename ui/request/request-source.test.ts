import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { requestSource, type ModelRequest } from './request-source.ts'

const request: ModelRequest = {
  model: 'claims-1',
  bedrockId: 'arn:aws:bedrock:us-east-1:000000000000:custom-model/x',
  messages: [
    { role: 'system', content: 'It\'s "short".\n$HOME `id` \\' },
    { role: 'user', content: 'é 猫' },
  ],
  maxTokens: 8,
  temperature: 1.5,
  topK: 3,
}

test('a shell hands the body over as it is', () => {
  const source = requestSource('curl', request, 'http://127.0.0.1:1').replace(
    /^curl.*\n.*\n {2}-d/,
    'printf %s',
  )
  const body = execFileSync('sh', ['-c', source], { encoding: 'utf8' })
  expect(JSON.parse(body)).toEqual({
    model: 'claims-1',
    messages: request.messages,
    maxTokens: 8,
    temperature: 1.5,
    topK: 3,
  })
})

test('each client gets what it knows, and no source has a key', () => {
  const openAi = requestSource('openai', request, 'http://h')
  expect(openAi).toContain('base_url="http://h/v1"')
  expect(openAi).not.toContain('top_k')
  const anthropic = requestSource('anthropic', request, 'http://h')
  expect(anthropic).toContain('top_k=3')
  expect(anthropic).toContain('temperature=1,')
  expect(anthropic).not.toContain('"role": "system"')
  const boto3 = requestSource('boto3', request, 'http://h')
  expect(boto3).toContain('modelId="arn:aws:bedrock')
  expect(requestSource('boto3', { ...request, bedrockId: undefined }, 'http://h')).toMatch(/^#/)
})
