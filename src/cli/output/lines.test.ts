import { describe, expect, test } from 'vitest'
import type { ModelDetails, ModelList } from '../../service/models/models-service.ts'
import { plannedTraining } from '../testing/planned-training.ts'
import { doctorLines } from './doctor-lines.ts'
import { modelLines, modelListLines, removedLines } from './model-lines.ts'
import { bytesText, parametersText, rateText, secondsText } from './number-text.ts'
import { createPaint } from './paint.ts'
import { dryRunLines } from './plan-lines.ts'
import { exportedLines } from './export-lines.ts'
import type { ExportedModel } from '../../service/models/models-service.ts'

const createdAt = '2026-11-21T00:00:00Z'
const base = {
  kind: 'base',
  id: 'small',
  folder: '/h/models/small',
  architecture: 'llama',
  parameters: 134_515_008,
  contextLength: 8192,
  licence: 'Apache-2.0',
  source: 'wheel==1',
  createdAt,
} as const
const tuned = {
  kind: 'tuned',
  id: 'router-1',
  folder: '/h/models/router-1',
  base: 'small',
  steps: 60,
  bestStep: 55,
  bestValidationLoss: 0.1934,
  systemPrompt: null,
  imported: null,
  createdAt,
} as const
const unfinished = {
  kind: 'unfinished',
  id: 'r-2',
  folder: '/h/models/r-2',
  base: 'small',
  steps: 60,
  createdAt,
} as const
const broken = { kind: 'broken', id: 'x', folder: '/h/models/x', problem: 'not JSON\u001b[1m' } as const
const available = [{ id: 'big', title: 'Big', licence: 'MIT', bytes: 3e9 }]

test('a plan', () => {
  expect(dryRunLines(plannedTraining())).toMatchInlineSnapshot(`
    [
      "data      480 records to train on · 48 to validate with · 2 left out",
      "tokens    mean 93 · p95 131 · 24 of them answer · 2 records too long and left out (longest 140 of 8,192)",
      "template  adds a system prompt of its own where a record has none: "You are kind."",
      "train     small, lora r16 α32, 2 kinds of layers · 4.9 M of 135 M weights",
      "          2 epochs, 60 steps · batch 8 × 2 · lr 1e-3 cosine · about 2.4 GB of memory · about 15 min 00 s",
      "settings  --method                   sft                      why method",
      "          --preference-beta          none                     why preference",
      "          --answers                  all                      why answers",
      "          --rank                     16                       why rank",
      "          --alpha                    32                       why alpha",
      "          --scaling                  standard                 why scaling",
      "          --targets                  q_proj,v_proj            why targets",
      "          --layers                   all                      why layers",
      "          --dropout                  0                        why dropout",
      "          --epochs                   2                        why epochs",
      "          --max-steps                none                     why maxSteps",
      "          --batch                    8                        why batchSize",
      "          --accumulate               2                        why accumulate",
      "          --learning-rate            0.001                    why learningRate",
      "          --schedule                 cosine                   why schedule",
      "          --warmup                   3                        why warmup",
      "          --weight-decay             0                        why weightDecay",
      "          beta1                      0.9                      why beta1",
      "          beta2                      0.999                    why beta2",
      "          epsilon                    1e-8                     why epsilon",
      "          --clip                     1                        why clip",
      "          --seed                     7                        why seed",
      "          --validation-every         5                        why validationEvery",
      "          --checkpoint-every         10                       why checkpointEvery",
      "          --early-stopping-patience  threshold 0, patience 3  why earlyStopping",
      "          --gradient-checkpointing   none                     why gradientCheckpointing",
      "          --activation-cache         no                       why activationCache",
      "model     would go to /home/models/x-1",
    ]
  `)
})

describe('an export', () => {
  const rounding = {
    from: 'validation',
    rows: 32,
    tokens: 1024,
    exactPerplexity: 1.2341,
    roundedPerplexity: 1.23416,
    meanDifference: 0.000312,
    largestDifference: 0.0041,
  } as const
  const exported: ExportedModel = {
    schema: 1,
    model: 'router-1',
    base: 'small',
    form: 'gguf-merged',
    type: 'Q8_0',
    out: '/srv/router',
    files: [
      { name: 'Modelfile', bytes: 400 },
      { name: 'model.gguf', bytes: 145_000_000 },
    ],
    rounding,
    modelfileTemplate: false,
    createdAt,
  }

  test('says what was written and what rounding cost', () => {
    expect(exportedLines(exported)).toMatchInlineSnapshot(`
      [
        "export    router-1 of small: merged weights for llama.cpp and Ollama in Q8_0",
        "rounding  perplexity 1.2341 → 1.2342 on 32 validation rows, 1,024 tokens; log-probabilities differ by 0.00031 on average, 0.0041 at most",
        "template  it does more than frame each message and is not in the Modelfile: Ollama uses its own for this model",
        "wrote     /srv/router, 145 MB in 2 files",
        "next      ollama create NAME -f "/srv/router/Modelfile"",
      ]
    `)
  })

  test.each([
    ['adapter', 'none: the matrices are in F32', 'PeftModel.from_pretrained(base, "/srv/router")'],
    ['merged', 'none beyond that of F32', 'AutoModelForCausalLM.from_pretrained("/srv/router")'],
    ['gguf-adapter', 'none: the matrices are in F32', 'ollama create NAME -f "/srv/router/Modelfile"'],
  ] as const)('%s without rounding', (form, words, next) => {
    const type = form === 'merged' ? 'F32' : null
    const lines = exportedLines({ ...exported, form, type, rounding: null, modelfileTemplate: true }).join(
      '\n',
    )
    expect(lines).toContain(words)
    expect(lines).toContain(`next      ${next}`)
  })
})

describe('models', () => {
  test('a list', () => {
    const models = [base, tuned, unfinished, broken].map((model) => ({ ...model, bytes: 1e8 }))
    const list: ModelList = { schema: 1, folder: '/h/models', models, available }
    expect(modelListLines(list)).toMatchInlineSnapshot(`
      [
        "4 models in /h/models",
        "  small     base        100 MB  135 M weights, Apache-2.0",
        "  router-1  tuned       100 MB  of small, best step 55 of 60, validation loss 0.193",
        "  r-2       unfinished  100 MB  of small, 60 steps; go on: hone train --resume r-2",
        "  x         broken      100 MB  cannot be read: not JSON‹U+001B›[1m",
        "",
        "to pull",
        "  big  3.0 GB  MIT",
        "",
        "next      hone chat small",
      ]
    `)
    expect(modelListLines({ ...list, models: [] })).toMatchInlineSnapshot(`
      [
        "no models in /h/models",
        "",
        "to pull",
        "  big  3.0 GB  MIT",
        "",
        "next      hone models pull big",
      ]
    `)
  })

  test('one model', () => {
    const details: ModelDetails = {
      schema: 1,
      model: base,
      bytes: 100e6,
      files: [{ name: 'a', bytes: 1 }],
      gate: null,
      labelDecision: null,
      template: { sha256: 'ab'.repeat(32), defaultSystemPrompt: 'You are kind.' },
    }
    expect(modelLines(details)).toMatchInlineSnapshot(`
      [
        "model     small",
        "kind      base",
        "folder    /h/models/small",
        "source    wheel==1",
        "licence   Apache-2.0",
        "shape     llama, 135 M weights, context 8,192 tokens",
        "size      100 MB in 1 file",
        "template  abababababab; where a conversation has no system prompt it adds",
        "          "You are kind."",
        "next      hone chat small",
      ]
    `)
    expect(modelLines({ ...details, model: tuned, template: { sha256: 'cd', defaultSystemPrompt: null } }))
      .toMatchInlineSnapshot(`
      [
        "model     router-1",
        "kind      tuned",
        "folder    /h/models/router-1",
        "base      small",
        "training  60 steps, best step 55, validation loss 0.193",
        "gate      no verdict; it can be deployed, and hone gate judges it",
        "size      100 MB in 1 file",
        "template  cd; adds no system prompt of its own",
        "next      hone chat router-1",
      ]
    `)
    const gate = {
      schema: 1,
      kind: 'gate-verdict',
      at: '2026-11-22T00:00:00Z',
      model: 'router-1',
      evidence: [],
      verdict: {
        schema: 1,
        verdict: 'not promoted',
        candidate: 'tuned',
        baseline: 'base',
        rules: [
          { rule: 'accuracy >= 0.9', outcome: 'pass' },
          { rule: 'p95 <= 800 ms', outcome: 'fail' },
        ],
      },
    } as const
    expect(modelLines({ ...details, model: tuned, gate }).slice(5, 7)).toEqual([
      'gate      not promoted, 1 of 2 rules passed, 2026-11-22T00:00:00Z; a server refuses to deploy it',
      '          fail: p95 <= 800 ms',
    ])
    const labelDecision = {
      schema: 1,
      kind: 'label-decision',
      model: 'router-1',
      labels: ['a', 'b', 'c'],
      tau: 0.35,
      shares: [],
      chosenOn: { split: 'validation', rows: 64, macroF1: 0.8 },
    } as const
    expect(modelLines({ ...details, model: tuned, labelDecision })[5]).toBe(
      'labels    the likeliest of 3 is the answer, corrected for rare labels (τ = 0.35, chosen on 64 rows of the validation split)',
    )
    expect(modelLines({ ...details, model: broken, template: null })).toMatchInlineSnapshot(`
      [
        "model     x",
        "kind      broken",
        "folder    /h/models/x",
        "state     cannot be read: not JSON‹U+001B›[1m",
        "size      100 MB in 1 file",
      ]
    `)
    expect(removedLines({ schema: 1, id: 'small', folder: '/h', bytes: 6.4e8 })).toEqual([
      'removed   small, 640 MB freed',
    ])
  })
})

test('what the doctor found', () => {
  const report = {
    schema: 1,
    usable: false,
    hone: '1.2.3',
    home: '/h',
    checks: [
      { name: 'node', status: 'ok', found: '20.20.2' },
      { name: 'hub', status: 'warn', found: 'hub.example cannot be reached', fix: 'set a proxy' },
      { name: 'runtime', status: 'missing', found: 'does not run', fix: 'install again' },
    ],
  } as const
  expect(doctorLines(report, createPaint(false, {}))).toMatchInlineSnapshot(`
    [
      "ok       node       20.20.2",
      "warn     hub        hub.example cannot be reached",
      "                    set a proxy",
      "missing  runtime    does not run",
      "                    install again",
      "",
      "hone 1.2.3 is not ready: 1 missing, 1 to look at",
    ]
  `)
  expect(doctorLines(report, createPaint(true, {})).join('\n')).toContain('\u001b[31mmissing')
})

test('numbers', () => {
  expect([0, 999, 1000, 9949, 93_000_000, 999_600_000, 1.5e9].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '9.9 kB',
    '93 MB',
    '1.0 GB',
    '1.5 GB',
  ])
  expect([576, 27_040, 4_884_480, 134_515_008, 999_600_000, 1.5e9].map(parametersText)).toEqual([
    '576',
    '27 K',
    '4.9 M',
    '135 M',
    '1 B',
    '1.5 B',
  ])
  expect([0, 59.4, 60, 136, 3599.6, 3900, Number.POSITIVE_INFINITY].map(secondsText)).toEqual([
    '0 s',
    '59 s',
    '1 min 00 s',
    '2 min 16 s',
    '1 h 00 min',
    '1 h 05 min',
    '?',
  ])
  expect([0, 1e-3, 8.94e-4, 0.5].map(rateText)).toEqual(['0', '1e-3', '8.9e-4', '5e-1'])
})
