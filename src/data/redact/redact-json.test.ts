import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectors } from './detectors.ts'
import { SpanFinder } from './find-spans.ts'
import { builtInPolicies, redactActions, type RedactPolicy } from './policy.ts'
import { Redactor } from './redact-json.ts'
import { labelledSet } from './testing/labelled-sentences.ts'

const key = Buffer.alloc(32, 7)
const [standard] = builtInPolicies
const finder = new SpanFinder(detectors)
const redactor = new Redactor(standard!, key)
const policy = (parts: Partial<RedactPolicy>): RedactPolicy => ({
  name: 'test',
  default: 'replace',
  kinds: {},
  ...parts,
})
const redacted = (value: unknown, by: Redactor = redactor): unknown => {
  const { json } = by.redact(JSON.stringify(value))
  return json === undefined ? undefined : JSON.parse(json)
}

describe('a record', () => {
  test('is covered in all of its texts', () => {
    const record = {
      system: 'You help ana.p@telefonia.pt.',
      messages: [
        { role: 'user', name: 'ana', content: 'My name is Clara Whitcombe.' },
        { role: 'assistant', content: [{ type: 'text', text: 'Thanks, Clara!' }] },
        { role: 'tool', tool_call_id: 'call_4485275742308327', content: '{"owner": "Clara Whitcombe"}' },
      ],
      label: 'SSN 219-09-9998',
      metadata: { ssn: 219099998, dob: '1990-07-04', 'clara@whit.co': true, note: null },
    }
    expect(redacted(record)).toEqual({
      system: 'You help [EMAIL].',
      messages: [
        { role: 'user', name: 'ana', content: 'My name is [NAME].' },
        { role: 'assistant', content: [{ type: 'text', text: 'Thanks, [NAME]!' }] },
        { role: 'tool', tool_call_id: 'call_4485275742308327', content: '{"owner": "[NAME]"}' },
      ],
      label: 'SSN [US-SSN]',
      metadata: { ssn: '[US-SSN]', dob: '[DATE-OF-BIRTH]', '[EMAIL]': true, note: null },
    })
  })

  test('keeps the JSON in its texts valid, numbers too', () => {
    const args = '{ "phone": 4155552671, "mail": "say \\"a\\" to jo@whit.co", "n": 4 }'
    const out = redacted({ arguments: args }) as { arguments: string }
    expect(out.arguments).toBe('{ "phone": "[PHONE]", "mail": "say \\"a\\" to [EMAIL]", "n": 4 }')
    const made = redacted({ arguments: args }, new Redactor(policy({ default: 'pseudonym' }), key)) as {
      arguments: string
    }
    expect(JSON.parse(made.arguments)).toMatchObject({ phone: expect.any(Number) as number, n: 4 })
  })

  test('is written as it was but for the finds', () => {
    const json = '{ "id":12345678901234567890, "a":1.0e2,"t" : "\\u0041 jo@whit.co \\u00e9", "t":"é\\/" }'
    expect(redactor.redact(json).json).toBe(
      '{ "id":12345678901234567890, "a":1.0e2,"t" : "A [EMAIL] é", "t":"é\\/" }',
    )
    const clean = '{"t":"\\u0041 nothing here"}'
    expect(redactor.redact(clean)).toEqual({ json: clean, findings: [] })
  })

  test('is covered where a key is written twice', () => {
    expect(redactor.redact('{"t":"jo@whit.co","t":"x"}').json).toBe('{"t":"[EMAIL]","t":"x"}')
  })

  test('may be no object at all', () => {
    expect(redactor.redact('"jo@whit.co"').json).toBe('"[EMAIL]"')
    expect(redactor.redact('[["jo@whit.co"], 5]').json).toBe('[["[EMAIL]"], 5]')
  })

  test('is refused where it is nested too deep', () => {
    expect(() => redactor.redact(`${'['.repeat(5_000)}"jo@whit.co"${']'.repeat(5_000)}`)).toThrow(
      '1000 levels',
    )
  })

  test('keeps pictures as they are', () => {
    const url = 'data:image/png;base64,4485275742308327AAAA'
    expect(redacted({ image_url: url })).toEqual({ image_url: url })
  })
})

describe('findings', () => {
  test('say where and what, and never the value', () => {
    const { findings } = redactor.redact(
      '{"messages":[{"content":"Card 4485 2757 4230 8327, or jo@whit.co"}],"m":{"jo@whit.co":1}}',
    )
    expect(findings).toEqual([
      {
        pointer: '/messages/0/content',
        start: 5,
        end: 24,
        kind: 'card',
        action: 'replace',
        shape: '9999 9999 9999 9999',
      },
      {
        pointer: '/messages/0/content',
        start: 29,
        end: 39,
        kind: 'email',
        action: 'replace',
        shape: 'xx@xxxx.xx',
      },
      { pointer: '/m/xx@xxxx.xx', start: 0, end: 10, kind: 'email', action: 'replace', shape: 'xx@xxxx.xx' },
    ])
  })

  test('never hold a labelled value', () => {
    const told = labelledSet('hand-written').flatMap(({ text, spans }) => {
      const said = JSON.stringify(redactor.redact(JSON.stringify([text, { [text]: 1 }])).findings)
      const found = new Set(finder.find(text).map(({ start }) => start))
      const values = spans
        .filter(({ start }) => found.has(start))
        .map(({ start, end }) => text.slice(start, end))
      return values.filter((value) => value.length > 4 && said.includes(value))
    })
    expect(told).toEqual([])
  })
})

describe('policies', () => {
  test('decide by kind, then by group', () => {
    const by = new Redactor(
      policy({ default: 'keep', kinds: { contact: 'mask', email: 'replace', secret: 'drop' } }),
      key,
    )
    expect(redacted('jo@whit.co, call +1 415 555 2671, Dr. Osei', by)).toBe(
      '[EMAIL], call +• ••• ••• 2671, Dr. Osei',
    )
    expect(redacted('password: Winter2024!', by)).toBeUndefined()
  })

  test('made-up values are the same within a conversation, and tell nothing between two', () => {
    const by = new Redactor(policy({ default: 'pseudonym' }), key)
    const mails = (record: object): string[] =>
      JSON.stringify(redacted(record, by)).match(/user-\w+@example\.com/g) ?? []
    const [first, second, third] = mails({ a: 'jo@whit.co', b: 'JO@whit.co and al@whit.co' })
    expect(first).toBe(second)
    expect(third).not.toBe(first)
    expect(mails({ a: 'jo@whit.co', c: 1 })[0]).not.toBe(first)
  })

  test('made-up values are the same in a file, and in every run with the same secret only', () => {
    const whole = policy({ default: 'pseudonym', pseudonyms: 'file' })
    const [one, two, other] = [key, key, Buffer.alloc(32, 8)].map((each) => new Redactor(whole, each))
    expect(redacted({ a: 'jo@whit.co' }, one)).toEqual(redacted({ a: 'jo@whit.co' }, two))
    expect(redacted(['jo@whit.co', 5], one)).toEqual([
      (redacted({ a: 'jo@whit.co' }, two) as { a: string }).a,
      5,
    ])
    expect(redacted({ a: 'jo@whit.co' }, one)).not.toEqual(redacted({ a: 'jo@whit.co' }, other))
  })

  test('made-up values are of the same form, and of nobody', () => {
    const by = new Redactor(policy({ default: 'pseudonym' }), key)
    const text =
      'Card 4485 2757 4230 8327, IBAN GB29NWBK60161331926819, ip 81.2.69.142, phone (415) 555-2671, SSN 219-09-9998'
    expect(redacted(text, by)).toMatch(
      /^Card 4000 00\d\d \d{4} \d{4}, IBAN GB\d\dXXXX\d{14}, ip (?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+, phone \(\d{3}\) 555-01\d\d, SSN 666-\d\d-\d{4}$/,
    )
  })

  test('patterns of record numbers', () => {
    const by = new Redactor(policy({ mrn: ['H\\d{7}'] }), key)
    expect(redacted('File H0012345 and H001.', by)).toBe('File [MRN] and H001.')
  })
})

const pieces = [
  ...labelledSet('hand-written').map(({ text }) => text),
  'Dear ',
  'Dr. ',
  'password: ',
  'SSN ',
  'born ',
  ' ',
  '\n',
  '"',
  '\\',
  '{',
  '}',
  '[NAME]',
  'EXAMPLE',
  '•',
  '415 ',
  '@',
  '.com',
]
const texts = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 12 })), { maxLength: 6 })
  .map((parts) => parts.join(''))

describe.each(redactActions.filter((action) => action !== 'keep' && action !== 'drop'))('%s', (action) => {
  const by = new Redactor(policy({ default: action }), key)

  test('done twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 3 }), (values) => {
        const once = by.redact(JSON.stringify(values)).json ?? ''
        const twice = by.redact(once)
        expect(twice).toEqual({ json: once, findings: [] })
      }),
      { numRuns: 250 },
    )
  })

  test('leaves valid JSON of the same shape', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), texts, (value, text) => {
        const json = JSON.stringify({ value, text, nested: JSON.stringify([value, text]) })
        const out: unknown = JSON.parse(by.redact(json).json ?? '')
        expect(Object.keys(out as object)).toHaveLength(3)
      }),
      { numRuns: 150 },
    )
  })
})
