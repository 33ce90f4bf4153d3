import { kindOf, type RecordFormat } from '../record-format.ts'
import { splitSystem, systemField } from './split-system.ts'

/**
 * Instruction, further input and answer; earlier turns as pairs under `history`. The input follows the instruction on a line
 * of its own.
 * Source: https://github.com/tatsu-lab/stanford_alpaca, and for `system` and `history`
 * https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md
 */
export const alpaca: RecordFormat = {
  id: 'alpaca',
  form: '{"instruction": "…", "input": "…", "output": "…"}',
  usedBy: 'Alpaca, LLaMA-Factory, Axolotl, Unsloth',
  requiredKeys: ['instruction', 'output'],
  optionalKeys: ['input', 'system', 'history'],
  holds: ['system', 'turns'],
  read(record, draft) {
    draft.addSystemField(record)
    const { history, input } = record
    if (history !== undefined && history !== null) {
      if (!Array.isArray(history)) {
        draft.report('roles/missing', '/history', `the history must be a list, this is ${kindOf(history)}`)
      } else {
        for (const [at, pair] of history.entries()) {
          if (!Array.isArray(pair) || pair.length !== 2) {
            draft.report(
              'roles/missing',
              `/history/${at}`,
              'a turn of the history is a question and an answer',
            )
            continue
          }
          for (const [side, role] of (['user', 'assistant'] as const).entries()) {
            const pointer = `/history/${at}/${side}`
            const content = draft.text(pair[side], pointer)
            if (content !== undefined) draft.add({ role, content }, pointer, pointer)
          }
        }
      }
    }
    const instruction = draft.text(record['instruction'], '/instruction')
    const further = input === undefined || input === null ? '' : draft.text(input, '/input', true)
    if (instruction !== undefined && further !== undefined) {
      const content = further === '' ? instruction : `${instruction}\n${further}`
      draft.add({ role: 'user', content }, '/instruction', '/instruction')
    }
    draft.addField(record, 'output', 'assistant')
  },
  write({ messages }) {
    const { system, spoken } = splitSystem(messages)
    const history: string[][] = []
    for (let at = 0; at + 3 < spoken.length; at += 2) {
      history.push([spoken[at]?.content ?? '', spoken[at + 1]?.content ?? ''])
    }
    return {
      ...systemField(system),
      ...(history.length > 0 ? { history } : {}),
      instruction: spoken.at(-2)?.content,
      input: '',
      output: spoken.at(-1)?.content,
    }
  },
}
