import { expect, test } from 'vitest'
import type { Example } from '../../core/example.ts'
import { HoneError } from '../../core/errors.ts'
import { builtInPolicies } from './policy.ts'
import { RedactionGate, requireRedacted } from './require-redacted.ts'

const example = (content: string, more: Partial<Example> = {}): Example => ({
  id: 'train.jsonl:7',
  messages: [
    { role: 'user', content },
    { role: 'assistant', content: 'Yes.' },
  ],
  ...more,
})

const refusal = (
  examples: readonly Example[],
  policy?: (typeof builtInPolicies)[number],
): HoneError | undefined => {
  try {
    requireRedacted(examples, policy)
    return undefined
  } catch (error) {
    return error as HoneError
  }
}

test('examples without personal data pass', () => {
  expect(refusal([example('Is it open?'), example('Write to [EMAIL].')])).toBeUndefined()
})

test('others are refused with places and kinds, and without the values', () => {
  const call = { id: 'call_1', name: 'find', arguments: { mail: 'jo@whit.co' } }
  const error = refusal([
    example('Call +1 415 555 2671.', { metadata: { owner: 'al@whit.co' } }),
    example('ok', { messages: [{ role: 'assistant', content: '', toolCalls: [call] }] }),
  ])
  expect(error?.code).toBe('E_DATA')
  expect(error?.message).toBe(
    [
      '3 places with personal data: 2 email, 1 phone',
      'train.jsonl:7 /messages/0/content  phone +9 999 999 9999',
      'train.jsonl:7 /metadata/owner  email xx@xxxx.xx',
      'train.jsonl:7 /messages/0/toolCalls/0/arguments/mail  email xx@xxxx.xx',
    ].join('\n  '),
  )
  expect(error?.hint).toContain('hone data redact')
})

test('only what the policy does not keep counts', () => {
  const [, , secretsOnly] = builtInPolicies
  expect(refusal([example('jo@whit.co')], secretsOnly)).toBeUndefined()
  expect(refusal([example('password: Winter2024!')], secretsOnly)?.message).toContain('1 secret')
})

test('the gate names the example', () => {
  expect(new RedactionGate().find(example('jo@whit.co'))).toMatchObject([
    { example: 'train.jsonl:7', kind: 'email', pointer: '/messages/0/content', start: 0, end: 10 },
  ])
})
