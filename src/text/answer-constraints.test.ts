import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Tool } from '../core/example.ts'
import { openGguf } from '../engine/weights/gguf.ts'
import { createRandom } from '../lib/random.ts'
import { AnswerConstraints, type AnswerDemand } from './answer-constraints.ts'
import { createChatText } from './chat-text.ts'
import { tokenizerFromGguf } from './gguf-tokenizer.ts'
import { hasToken } from './grammar/token-constraint.ts'
import { tinyTemplate, tinyTokenizer } from './testing/tiny-model.ts'
import { toolTemplate } from './testing/tool-templates.ts'
import { createTokenizer, type Tokenizer } from './tokenizer.ts'

async function ggufTokenizer(name: string): Promise<Tokenizer> {
  const gguf = await openGguf(fileURLToPath(new URL(`fixtures/${name}.gguf`, import.meta.url)))
  await gguf.close()
  const { tokenizer, config } = tokenizerFromGguf(gguf.metadata)
  return createTokenizer(tokenizer, config)
}

/** As Llama 2 and Mistral have it in `tokenizer.json`. */
function spacedTokenizer(decoders: readonly object[]): Tokenizer {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  )
  const words = ['<unk>', '<s>', '</s>', '▁', 'a', 'b', 'ab', '▁a', '▁ab', 'é', '▁é', 'ba', '{"', '":']
  return createTokenizer({
    model: {
      type: 'BPE',
      vocab: Object.fromEntries([...words, ...bytes].map((token, id) => [token, id])),
      merges: [],
      unk_token: '<unk>',
      byte_fallback: true,
    },
    added_tokens: [0, 1, 2].map((id) => ({ id, content: words[id], special: true })),
    decoder: { type: 'Sequence', decoders },
  })
}

const replace = { type: 'Replace', pattern: { String: '▁' }, content: ' ' }
const strip = { type: 'Strip', content: ' ', start: 1, stop: 0 }

/** Answers of tokens that are drawn from all that are allowed, a new text for each seed. */
function drawn(
  tokenizer: Tokenizer,
  demand: AnswerDemand,
  chatText = createChatText(tokenizer, tinyTemplate('zephyr')),
): string[] {
  const constraints = new AnswerConstraints({ tokenizer, chatText })
  const texts = Array.from({ length: 16 }, (_each, seed): string | undefined => {
    const random = createRandom(`${seed}`)
    const answer = constraints.open(demand)!
    const tokens: number[] = []
    while (!answer.mustEnd) {
      if (tokens.length > 300) return undefined
      const set = answer.allowed()
      const allowed = Array.from({ length: tokenizer.vocabularySize }, (_, token) => token).filter((token) =>
        answer.forced === undefined ? hasToken(set, token) : token === answer.forced,
      )
      if (answer.mayEnd && random.next() < 0.3) break
      const token = allowed[random.integer(allowed.length)]!
      expect(answer.allows(token)).toBe(true)
      answer.take(token)
      tokens.push(token)
    }
    const stream = tokenizer.streamDecoder()
    return tokens.map((token) => stream.push(token)).join('') + stream.end()
  })
  const whole = texts.filter((text) => text !== undefined)
  expect(whole.length).toBeGreaterThan(4)
  return whole
}

describe('texts of allowed tokens are those of the constraint, with the tokens of', () => {
  test.each<[string, () => Tokenizer | Promise<Tokenizer>]>([
    ['byte-level BPE', () => tinyTokenizer()],
    ['score-merge BPE with byte fallback', () => ggufTokenizer('score-merge')],
    ['a unigram model', () => ggufTokenizer('unigram')],
    [
      'the library, spaces left out at the start',
      () => spacedTokenizer([replace, { type: 'ByteFallback' }, { type: 'Fuse' }, strip]),
    ],
    [
      'the library, spaces kept',
      () => spacedTokenizer([replace, { type: 'ByteFallback' }, { type: 'Fuse' }]),
    ],
  ])('%s', async (_, open) => {
    const tokenizer = await open()
    const pattern = ' ?[ab]{1,4}( [abé]{1,3}){0,2}'
    const texts = drawn(tokenizer, { constraint: { type: 'regex', pattern } })
    for (const text of texts) expect(text).toMatch(/^ ?[ab]{1,4}( [abé]{1,3}){0,2}$/)
    expect(new Set(texts.map((text) => text.startsWith(' ')))).toEqual(new Set([true, false]))
    const choices = [' b', 'aé', 'ab a']
    for (const text of drawn(tokenizer, { constraint: { type: 'choice', choices } }))
      expect(choices).toContain(text)
  })

  test('a model whose tokens depend on their neighbours is refused', () => {
    const tokenizer = spacedTokenizer([{ type: 'WordPiece', prefix: '##', cleanup: true }])
    expect(() => drawn(tokenizer, { constraint: { type: 'json-object' } })).toThrow(
      expect.objectContaining({ code: 'E_MODEL_UNSUPPORTED' }),
    )
  })
})

describe('calls are written as they are read', () => {
  const parameters = { type: 'object', properties: { n: { const: 7 } }, required: ['n'] }
  const tools: readonly Tool[] = [{ name: 'f', parameters }, { name: 'g' }]

  test.each(['tags', 'list', 'object'] as const)('%s', (name) => {
    const tokenizer = tinyTokenizer(name === 'object' ? 'llama-bpe' : 'smollm')
    const chatText = createChatText(tokenizer, toolTemplate(name))
    expect(chatText.callWriting().form.id).toBe(name)
    const demand = { tools, toolChoice: { name: 'f' } } as const
    for (const text of drawn(tokenizer, demand, chatText)) {
      const reader = chatText.callReader(tools)
      expect(reader.push(text)).toBe('')
      expect(reader.end()).toEqual({ text: '', calls: [{ name: 'f', arguments: { n: 7 } }] })
    }
  })
})

describe('an answer that is free to call', () => {
  const parameters = { type: 'object', properties: { n: { const: 7 } }, required: ['n'] }
  const tools: readonly Tool[] = [
    { name: 'f', parameters },
    { name: 'g', parameters },
  ]
  const good = { name: 'f', arguments: { n: 7 } }
  const loose = { name: 'g', arguments: { m: 1 } }
  const wrong = { name: 'f', arguments: { n: 8 } }
  /** A form with an answer of these calls; Llama's has one only. */
  const forms = {
    tags: (...calls: object[]) =>
      calls.map((each) => `<tool_call>${JSON.stringify(each)}</tool_call>`).join('\n'),
    list: (...calls: object[]) =>
      `[TOOL_CALLS]${JSON.stringify(calls.map((each) => ({ ...each, id: 'a1b2c3d4e' })))}`,
    object: (...[call]: object[]) => JSON.stringify(call).replace('arguments', 'parameters'),
  }

  test.each(['tags', 'list', 'object'] as const)('may be text, or calls that keep to it: %s', (name) => {
    const tokenizer = tinyTokenizer(name === 'object' ? 'llama-bpe' : 'smollm')
    const chatText = createChatText(tokenizer, toolTemplate(name))
    const constraints = new AnswerConstraints({ tokenizer, chatText })
    const write = forms[name]
    /** Whether the whole answer may be written, and end there. */
    const isAnswer = (text: string, demand: Partial<AnswerDemand>): boolean => {
      const answer = constraints.open({ tools, ...demand })!
      for (const token of tokenizer.encode(text)) {
        if (!answer.allows(token)) return false
        answer.take(token)
      }
      return answer.mayEnd
    }
    const strict = { strictTools: ['f'] }
    for (const text of ['', ' ', 'No call.', 'a < b', 'é\n<tool', 'x [1] {2}', '<tool_<tool_cal>']) {
      expect([text, isAnswer(text, strict)]).toEqual([text, true])
    }
    for (const call of [good, loose]) expect(isAnswer(write(call), strict)).toBe(true)
    expect(isAnswer(write(wrong), strict)).toBe(false)
    expect(isAnswer(write(wrong), { strictTools: ['g'] })).toBe(true)
    expect(isAnswer(write(wrong), { oneCall: true })).toBe(true)
    expect(isAnswer(write(good).slice(0, -1), strict)).toBe(false)
    // Llama writes the first of them only.
    expect(isAnswer(write(good, loose), strict)).toBe(true)
    expect(isAnswer(write(good, loose), { oneCall: true })).toBe(name === 'object')
    expect(isAnswer(`Well. ${write(good)}`, strict)).toBe(true)
    expect(isAnswer(`Well. ${write(wrong)}`, strict)).toBe(name !== 'tags')
    expect(constraints.open({ tools })).toBeUndefined()
    expect(constraints.open({ tools, toolChoice: 'none', ...strict })).toBeUndefined()
  })
})
