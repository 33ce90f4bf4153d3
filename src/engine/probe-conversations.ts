import type { Message } from '../core/example.ts'

const pairs = [
  ['What is the capital of France?', 'The capital of France is Paris.'],
  [
    'Write a haiku about rain.',
    'Rain taps on the roof,\nsoft steps of a passing guest,\nthen the sky is clean.',
  ],
  ['Add 17 and 25.', '17 + 25 = 42.'],
  ['Name three primary colours.', 'Red, yellow and blue.'],
  ['Translate "good morning" into Spanish.', '"Good morning" in Spanish is "buenos días".'],
  [
    'Why is the sky blue?',
    'Air scatters the short waves of sunlight, which are blue, more than the long ones.',
  ],
] as const

/** Short conversations on which rounding is measured where a model has no data of its own. */
export const probeConversations: readonly (readonly Message[])[] = pairs.map(([question, answer]) => [
  { role: 'user', content: question },
  { role: 'assistant', content: answer },
])
