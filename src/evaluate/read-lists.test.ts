import { describe, expect, test } from 'vitest'
import { createAnswerReader } from './read-answer.ts'

const calls = createAnswerReader({ kind: 'tool-calls' })
const spans = createAnswerReader({ kind: 'spans' })
const codes = createAnswerReader({ kind: 'codes', system: 'icd-10-cm' })

describe('tool calls', () => {
  const one = [{ name: 'refund', arguments: { order: 7 } }]
  test.each([
    ['{"name":"refund","arguments":{"order":7}}', one],
    ['[{"name":"refund","parameters":{"order":7}}]', one],
    ['{"id":"1","type":"function","function":{"name":"refund","arguments":"{\\"order\\":7}"}}', one],
    ['Of course.\n<tool_call>\n{"name":"refund","arguments":{"order":7}}\n</tool_call>', one],
    [
      '<tool_call>{"name":"a"}</tool_call><tool_call>{"name":"b","arguments":""}</tool_call>',
      [
        { name: 'a', arguments: {} },
        { name: 'b', arguments: {} },
      ],
    ],
    ['I cannot see your order; which number has it?', []],
    ['[]', []],
  ])('%s', (answer, expected) => {
    expect(calls(answer)).toMatchObject({ readable: true, calls: expected })
  })

  test.each([
    ['{"name":"refund","arguments":', 'not JSON'],
    ['{"order":7}', 'JSON that is no call'],
    ['{"name":"refund","arguments":[7]}', 'JSON that is no call'],
    ['{"name":"refund","arguments":"seven"}', 'JSON that is no call'],
    ['<tool_call>refund(7)</tool_call>', 'not JSON'],
    ['', 'the answer is empty'],
  ])('%s: %s', (answer, reason) => {
    expect(calls(answer)).toEqual({ readable: false, reason })
  })
})

describe('spans', () => {
  test('a list, an object by label, places, and the same reading in any order', () => {
    const list = spans('[{"label":"DRUG","text":" aspirin "},{"type":"DOSE","text":"5 mg"}]')
    expect(list).toMatchObject({
      spans: [
        { label: 'DRUG', text: 'aspirin' },
        { label: 'DOSE', text: '5 mg' },
      ],
    })
    const byLabel = spans('{"DOSE":["5 mg"],"DRUG":["aspirin"],"NONE":[]}')
    expect(byLabel.readable && list.readable && byLabel.read === list.read).toBe(true)
    expect(spans('[{"label":"DRUG","start":3,"end":9}]')).toMatchObject({
      spans: [{ label: 'DRUG', text: '', start: 3, end: 9 }],
    })
    expect(spans('[]')).toMatchObject({ readable: true, spans: [] })
  })

  test.each([
    '["aspirin"]',
    '[{"label":"DRUG"}]',
    '[{"label":"DRUG","start":9,"end":3}]',
    '7',
    '{"DRUG":"aspirin"}',
  ])('%s is none', (answer) =>
    expect(spans(answer)).toEqual({ readable: false, reason: 'JSON that is no list of spans' }),
  )
})

describe('codes', () => {
  test.each([
    ['J45.901', ['J45.901']],
    ['j45901, E11.9;\nI10', ['J45.901', 'E11.9', 'I10']],
    ['["E11.9", "e119"]', ['E11.9']],
    ['none', []],
    ['[]', []],
    ['asthma', ['ASTHMA']],
  ])('%s', (answer, expected) => {
    expect(codes(answer)).toMatchObject({ readable: true, codes: expected })
  })

  test.each([
    ['The code is J45.901', 'words beside the codes'],
    ['[1]', 'JSON that is no list of codes'],
    ['[', 'JSON that is no list of codes'],
  ])('%s: %s', (answer, reason) => expect(codes(answer)).toEqual({ readable: false, reason }))
})
