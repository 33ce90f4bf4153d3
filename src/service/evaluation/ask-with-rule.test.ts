import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resolveConfig, type HoneConfig } from '../../config/hone-config.ts'
import { parseConfig } from '../../config/parse-config.ts'
import type { ChatModel, LabelScore } from '../../core/chat-model.ts'
import type { PlacedExample } from '../../data/records/placed-example.ts'
import { exampleAt } from '../../data/testing/examples.ts'
import { runCandidates } from '../run/run-candidates.ts'
import type { RunEvent } from '../run/run-event.ts'
import { askWithRule } from './ask-with-rule.ts'
import { rowsOf, type MeasuredSplit } from './evaluate-answers.ts'
import type { OpenedTask } from './open-task.ts'

/** Nine rows of ten are COMMON; the model gives RARE a little less than it should. */
const recordsFrom = (first: number, count: number): PlacedExample[] =>
  Array.from({ length: count }, (_, at) =>
    exampleAt(first + at, `row ${first + at}`, at % 10 === 9 ? 'RARE' : 'COMMON'),
  )

function taskOf(
  measured: readonly PlacedExample[],
  validation: readonly PlacedExample[],
  decide: string,
): OpenedTask {
  const text = `schema: 1\nname: x\ndata: d.jsonl\ntask: { kind: labels, decide: ${decide} }\nbase: tiny\n`
  const { config } = parseConfig(text, 'hone.yaml')
  const resolved: HoneConfig = resolveConfig(config, {
    file: 'hone.yaml',
    dataFolder: '.',
    workingFolder: '.',
    system: undefined,
    basePrompt: undefined,
    candidatePrompts: new Map(),
  })
  return {
    config: { ...resolved, evaluation: { ...resolved.evaluation, candidates: ['base'] } },
    data: {
      split: { train: recordsFrom(1000, 100), validation, test: measured },
      task: { kind: 'labels', labels: ['COMMON', 'RARE'] },
      metrics: [],
      labelOf: undefined,
    },
  } as unknown as OpenedTask
}

const scoreOf = (label: string, probability: number): LabelScore => ({
  label,
  probability,
  logProbability: Math.log(probability),
})

/** Rows whose number ends in 9 are RARE with 0.4, all others with 0.2. */
function createFakeModel(asked: string[]): ChatModel {
  return {
    id: 'fake',
    concurrency: 2,
    async *chat() {
      yield { type: 'text-delta', text: 'COMMON' }
      yield { type: 'finish', reason: 'stop', usage: { promptTokens: 3, completionTokens: 1 } }
    },
    scoreLabels(messages) {
      const text = messages.at(-1)?.content ?? ''
      asked.push(text)
      const rare = text.endsWith('9') ? 0.4 : 0.2
      return Promise.resolve([scoreOf('COMMON', 1 - rare), scoreOf('RARE', rare)])
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

async function ask(task: OpenedTask, split: MeasuredSplit = 'test') {
  const asked: string[] = []
  const events: RunEvent[] = []
  const rows = rowsOf(task, split)
  const [candidate] = runCandidates(task.config, task.data.split.train, rows, undefined)
  const answered = await askWithRule(task, candidate!, { id: 'fake', folder: '.', key: 'fake' }, split, {
    openModel: () => Promise.resolve(createFakeModel(asked)),
    folder: await mkdtemp(join(tmpdir(), 'hone-rule-')),
    onEvent: (event) => events.push(event),
  })
  return { answered, asked, events }
}

test('the correction is chosen on the validation split, whatever the test split holds', async () => {
  const validation = recordsFrom(200, 40)
  const { answered, asked, events } = await ask(taskOf(recordsFrom(0, 20), validation, 'corrected'))
  const { labelRule } = answered
  expect(labelRule).toMatchObject({ chosenOn: { split: 'validation', rows: 40, macroF1: 1 } })
  expect(labelRule?.tau).toBeGreaterThan(0)
  expect(labelRule?.shares).toEqual([
    { label: 'COMMON', share: expect.closeTo(0.9, 10) as number },
    { label: 'RARE', share: expect.closeTo(0.1, 10) as number },
  ])
  expect(asked).toHaveLength(60)
  expect(answered.answers).toHaveLength(20)
  expect(events.filter(({ type }) => type === 'warning')).toEqual([])
  // Rows whose labels are the other way round would change a choice that looks at them.
  const turned = recordsFrom(0, 20).map((_, at) =>
    exampleAt(at, `row ${at}`, at % 10 === 9 ? 'COMMON' : 'RARE'),
  )
  expect((await ask(taskOf(turned, validation, 'corrected'))).answered.labelRule).toEqual(labelRule)
})

test('on the validation split itself the score is said to flatter', async () => {
  const { asked, events } = await ask(taskOf([], recordsFrom(200, 40), 'corrected'), 'validation')
  expect(asked).toHaveLength(40)
  expect(events).toContainEqual(expect.objectContaining({ type: 'warning' }))
})

test('the likeliest label needs no other rows; without validation rows nothing can be corrected', async () => {
  const likeliest = await ask(taskOf(recordsFrom(0, 20), [], 'likeliest'))
  expect(likeliest.asked).toHaveLength(20)
  expect(likeliest.answered.labelRule).toEqual({ tau: 0, shares: [], chosenOn: null })
  await expect(ask(taskOf(recordsFrom(0, 20), [], 'corrected'))).rejects.toMatchObject({
    code: 'E_CONFIG',
    at: { pointer: '/task/decide' },
  })
  const written = await ask(taskOf(recordsFrom(0, 20), [], 'answer'))
  expect(written.asked).toEqual([])
  expect(written.answered.labelRule).toBeUndefined()
})
