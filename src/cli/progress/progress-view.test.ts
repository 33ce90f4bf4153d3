import { expect, test } from 'vitest'
import type { PlannedTraining } from '../../service/train/draft-training.ts'
import type { RunEvent } from '../../service/run/run-event.ts'
import { plannedTraining } from '../testing/planned-training.ts'
import { ProgressView } from './progress-view.ts'

/** What stays and what moves after each event, told at the seconds before it. */
function shown(events: readonly (readonly [seconds: number, event: RunEvent])[]): string[] {
  const view = new ProgressView()
  const lines: string[] = []
  let live: string | undefined
  for (const [seconds, event] of events) {
    lines.push(...view.update(event, seconds * 1000))
    const next = view.live(seconds * 1000)
    if (next !== live && next !== undefined) lines.push(`~ ${next}`)
    live = next
  }
  const last = (events.at(-1)?.[0] ?? 0) * 1000
  lines.push(...view.end(last))
  expect(view.live(last)).toBeUndefined()
  return lines
}

const step = (number: number, loss: number): RunEvent => ({
  type: 'step',
  step: number,
  steps: 60,
  epoch: Math.ceil(number / 30),
  loss,
  learningRate: 8.9e-4,
  gradientNorm: 1,
  examplesPerSecond: 6.43,
  tokensPerSecond: 281.4,
  secondsLeft: (60 - number) * 2,
  memoryBytes: 2.1e9,
})

const base = (event: Extract<RunEvent, { type: 'base' }>['event']): RunEvent => ({ type: 'base', event })

const asked = (candidate: string, done: number): RunEvent => ({
  type: 'progress',
  phase: 'evaluate',
  candidate,
  done,
  total: 96,
})

test('a model that is fetched', () => {
  const file = 'model.safetensors'
  const progressed = (done: number): RunEvent =>
    base({ type: 'progressed', phase: 'download', file, done, total: 93e6 })
  expect(
    shown([
      [0, base({ type: 'lock-waited', id: 'small' })],
      [1, base({ type: 'source-tried', source: 'a/b on hub.example' })],
      [3, base({ type: 'source-failed', source: 'a/b on hub.example', reason: 'cannot be reached' })],
      [3, base({ type: 'source-chosen', source: 'wheel==1', bytes: 93e6 })],
      [3, base({ type: 'progressed', phase: 'download', file, done: undefined, total: undefined })],
      [4, progressed(10e6)],
      [6, progressed(30e6)],
      [7, base({ type: 'download-retried', file, done: 30e6, reason: 'connection lost' })],
      [8, progressed(93e6)],
      [8, base({ type: 'verify-started', file, bytes: 93e6 })],
      [
        9,
        base({
          type: 'model-ready',
          id: 'small',
          folder: '/m',
          bytes: 93e6,
          licence: 'Apache-2.0',
          from: 'wheel==1',
          reused: false,
        }),
      ],
      [
        9,
        base({
          type: 'model-ready',
          id: 'small',
          folder: '/m',
          bytes: 93e6,
          licence: null,
          from: 'wheel==1',
          reused: true,
        }),
      ],
    ]),
  ).toMatchInlineSnapshot(`
    [
      "base      another process works on small; waiting for it",
      "~ base      waiting for the process that works on small · 0 s",
      "~ base      a/b on hub.example … 1 s",
      "base      a/b on hub.example: cannot be reached",
      "~ base      a/b on hub.example … 3 s",
      "base      from wheel==1, 93 MB",
      "~ base      downloading model.safetensors · 3 s",
      "~ base      downloading model.safetensors · 10 MB of 93 MB",
      "~ base      downloading model.safetensors · 30 MB of 93 MB · 10 MB/s · 6 s left",
      "base      model.safetensors: cut at 30 MB, goes on from there (connection lost)",
      "~ base      downloading model.safetensors · 93 MB of 93 MB · 21 MB/s · 0 s left",
      "~ base      checking model.safetensors · 93 MB",
      "base      small: 93 MB, Apache-2.0, from wheel==1, 9 s",
      "base      small is here, from wheel==1",
    ]
  `)
})

test('a training', () => {
  const planned: PlannedTraining = plannedTraining()
  expect(
    shown([
      [
        0,
        {
          type: 'data',
          training: 480,
          validation: 1,
          warnings: ['3 contradictory duplicates', 'a label 5 times'],
        },
      ],
      [1, { type: 'planned', plan: planned }],
      [1, { type: 'warning', message: 'threads was 2, is 4' }],
      [1, { type: 'resumed', step: 2 }],
      [2, step(3, 1.94)],
      [50, step(29, 0.412)],
      [60, { type: 'validation', step: 29, epoch: 1, loss: 0.3, best: true }],
      [60, { type: 'checkpoint', step: 29 }],
      [62, step(30, 0.21)],
      [62, { type: 'early-stop', step: 30, bestStep: 29 }],
    ]),
  ).toMatchInlineSnapshot(`
    [
      "data      480 records to train on · 1 record to validate with",
      "warning   3 contradictory duplicates",
      "          a label 5 times",
      "tokens    mean 93 · p95 131 · 24 of them answer · 2 records too long and left out (longest 140 of 8,192)",
      "template  adds a system prompt of its own where a record has none: "You are kind."",
      "train     small, lora r16 α32, 2 kinds of layers · 4.9 M of 135 M weights",
      "          2 epochs, 60 steps · batch 8 × 2 · lr 1e-3 cosine · about 2.4 GB of memory · about 15 min 00 s",
      "warning   threads was 2, is 4",
      "train     goes on after step 2",
      "~ train     step  3/60 · 1 min 54 s left · loss 1.940 · lr 8.9e-4 · 6.4 examples/s · 281 tokens/s · 2.1 GB · epoch 1",
      "~ train     step 29/60 · 1 min 02 s left · loss 0.412 · lr 8.9e-4 · 6.4 examples/s · 281 tokens/s · 2.1 GB · epoch 1",
      "~ train     step 29/60 · 1 min 02 s left · loss 0.412 · validation 0.300 · lr 8.9e-4 · 6.4 examples/s · 281 tokens/s · 2.1 GB · epoch 1",
      "~ train     step 30/60 · 1 min 00 s left · loss 0.210 · validation 0.300 · lr 8.9e-4 · 6.4 examples/s · 281 tokens/s · 2.1 GB · epoch 1",
      "train     stopped early after step 30: the validation loss no longer fell; best at step 29",
      "train     step 30/60 · loss 1.94 → 0.21 · validation 0.300 · 6.4 examples/s · 1 min 00 s",
    ]
  `)
})

test('a run', () => {
  expect(
    shown([
      [0, { type: 'phase', phase: 'check', lines: ['640 records, 0 errors', 'a warning'] }],
      [1, { type: 'phase', phase: 'tokens', lines: ['mean 90'] }],
      [1, asked('base', 0)],
      [11, asked('base', 48)],
      [21, asked('base', 96)],
      [21, { type: 'phase', phase: 'evaluate', lines: ['base: 96 of 96'] }],
      [22, { type: 'planned', plan: plannedTraining() }],
      [23, step(1, 1.94)],
      [83, step(60, 0.2)],
      [84, asked('tuned', 0)],
    ]),
  ).toMatchInlineSnapshot(`
    [
      "check     640 records, 0 errors",
      "          a warning",
      "tokens    mean 90",
      "~ evaluate  base  0/96  ░░░░░░░░░░░░░░░░░░░░  0 s",
      "~ evaluate  base  48/96  ██████████░░░░░░░░░░  10 s · 10 s left",
      "~ evaluate  base  96/96  ████████████████████  20 s",
      "evaluate  base: 96 of 96",
      "train     small, lora r16 α32, 2 kinds of layers · 4.9 M of 135 M weights",
      "          2 epochs, 60 steps · batch 8 × 2 · lr 1e-3 cosine · about 2.4 GB of memory · about 15 min 00 s",
      "~ train     step  1/60 · 1 min 58 s left · loss 1.940 · lr 8.9e-4 · 6.4 examples/s · 281 tokens/s · 2.1 GB · epoch 1",
      "~ train     step 60/60 · 0 s left · loss 0.200 · lr 8.9e-4 · 6.4 examples/s · 281 tokens/s · 2.1 GB · epoch 2",
      "train     step 60/60 · loss 1.94 → 0.20 · 6.4 examples/s · 1 min 01 s",
      "~ evaluate  tuned  0/96  ░░░░░░░░░░░░░░░░░░░░  0 s",
    ]
  `)
})

const read = (bytes: number, records: number, work = 'tokens'): RunEvent => ({
  type: 'data-progress',
  step: work,
  records,
  bytes,
  totalBytes: 4e9,
})

test('a file that is read shows its bytes, its rate and the time left', () => {
  expect(
    shown([
      [0, read(0, 0)],
      [10, read(1e9, 50_000)],
      [40, read(4e9, 200_000)],
    ]),
  ).toMatchInlineSnapshot(`
    [
      "~ tokens    0 B of 4.0 GB",
      "~ tokens    1.0 GB of 4.0 GB · 50,000 records · 5,000 records/s · 30 s left",
      "~ tokens    4.0 GB of 4.0 GB · 200,000 records · 5,000 records/s",
    ]
  `)
})

test('a file whose content is hashed shows bytes a second', () => {
  expect(
    shown([
      [0, read(0, 0, 'hash')],
      [1, read(1e9, 0, 'hash')],
    ]),
  ).toMatchInlineSnapshot(`
    [
      "~ hash      0 B of 4.0 GB",
      "~ hash      1.0 GB of 4.0 GB · 1.0 GB/s · 3 s left",
    ]
  `)
})
