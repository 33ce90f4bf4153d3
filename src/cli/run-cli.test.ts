import { getEventListeners } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ChatRequest } from '../core/chat-model.ts'
import { HoneError } from '../core/errors.ts'
import type { TrainRequest } from '../service/train/draft-training.ts'
import { temporaryFolder } from '../engine/weights/testing/temporary-folder.ts'
import type { OpenedChat } from '../service/chat/chat-service.ts'
import { runCli } from './run-cli.ts'
import { fakeHost, fakeModel, runFake } from './testing/fake-host.ts'

const tuned = { id: 'x', folder: '/home/models/x', bestStep: 3, steps: 4 }
const find = (reference: string): Promise<string> => Promise.resolve(`/home/models/${reference}`)

/** Services whose list of models fails. */
function failing(failure: Error): { models: { list: () => Promise<never> } } {
  return { models: { list: () => Promise.reject(failure) } }
}

function defer(): { promise: Promise<void>; resolve: () => void } {
  const settle: { resolve?: () => void } = {}
  const promise = new Promise<void>((resolve) => {
    settle.resolve = resolve
  })
  return { promise, resolve: () => settle.resolve?.() }
}

/** A training that goes on until it is interrupted, and then takes its time. */
const endless = (): { started: Promise<void>; services: object; stop: () => void } => {
  const { promise: started, resolve: start } = defer()
  const { promise: end, resolve: stop } = defer()
  const train = async (
    _: TrainRequest,
    { signal, onEvent }: { signal?: AbortSignal; onEvent?: (event: unknown) => void },
  ): Promise<never> => {
    onEvent?.({ type: 'resumed', step: 1 })
    start()
    await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
    await end
    throw new HoneError('E_INTERRUPTED', 'stopped after step 2', {
      hint: 'continue with: hone train --resume x',
    })
  }
  return { started, stop, services: { models: { defaultBase: 'base', find }, train: { train } } }
}

const stopped = (): Promise<never> => Promise.reject(new HoneError('E_INTERRUPTED', 'stopped by SIGINT'))

const resume = (folder: string): Promise<typeof tuned> => Promise.resolve({ ...tuned, folder })

const talkative = (
  _: TrainRequest,
  { onEvent }: { onEvent?: (event: unknown) => void },
): Promise<typeof tuned> => {
  onEvent?.({ type: 'resumed', step: 1 })
  return Promise.resolve(tuned)
}

const finish = { type: 'finish', reason: 'stop', usage: { promptTokens: 3, completionTokens: 2 } } as const
const opened = (model: OpenedChat['model']): { chat: { open: () => Promise<OpenedChat> } } => ({
  chat: {
    open: () =>
      Promise.resolve({
        id: 'm',
        kind: 'tuned',
        folder: '/m',
        base: 'b',
        systemPrompt: null,
        defaultSystemPrompt: 'You are kind.',
        model,
        countTokens: () => 3,
        [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
      }),
  },
})
const says = (...texts: string[]): Parameters<typeof fakeModel>[0] => [
  ...texts.map((text) => ({ type: 'text-delta' as const, text, logProbabilities: [-0.5] })),
  finish,
]

describe('usage', () => {
  test.each([
    [['trian'], "unknown command 'trian'", 'did you mean train? see hone --help'],
    [['models', 'lst'], "unknown command 'lst'", 'did you mean list? see hone models --help'],
    [['train', '--epoch', '3'], "unknown option '--epoch'", 'did you mean --epochs? see hone train --help'],
    [['train', '--learning_rate=1'], "unknown option '--learning_rate=1'", 'did you mean --learning-rate=1?'],
    [['chat', 'x', 'hello', '--jsn'], "unknown option '--jsn'", 'did you mean --json?'],
    [['train', '--epochs', '0'], '--epochs 0: must be more than 0, this is 0', 'see hone train --help'],
    [['train', '--epochs', 'two'], '--epochs two: must be a number', 'see hone train --help'],
    [['train', '--schedule', 'cosin'], '--schedule cosin: must be cosine, linear or constant', ''],
    [['train', '--batch', '1.5'], '--batch 1.5: must be a whole number', ''],
    [['train', '--targets', 'q_proj,,'], '--targets q_proj,,: must have at least 1 characters', ''],
    [['chat', 'x', 'hi', '--top-p', '2'], '--top-p 2: must be a number from 0 to 1', ''],
    [['chat', 'x', 'hi', '--seed', '1.5'], '--seed 1.5: must be a whole number', ''],
    [['doctor', '--device', 'gpu'], '--device gpu: Allowed choices are cpu, webgpu.', ''],
    [['chat'], "missing required argument 'model'", ''],
    [['chat', 'a', 'b', 'c'], "too many arguments for 'chat'. Expected 2 arguments but got 3.", ''],
    [['train'], 'there is no --data', 'hone train --data train.jsonl'],
  ])('%j', async (argv, message, hint) => {
    const result = await runFake(argv)
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toContain(`error E_USAGE  ${message}`)
    expect(result.stderr).toContain(hint)
  })

  test.each([[[]], [['models']]])('without a command %j shows the help', async (argv) => {
    const result = await runFake(argv)
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toContain('Example:')
    expect(result.stderr).toContain('error E_USAGE  name a command')
  })

  test('--json makes one object of an error, also before the arguments are understood', async () => {
    for (const argv of [['--json'], ['train', '--epoch', '3', '--json'], ['--json', 'trian']]) {
      const { status, stdout, stderr } = await runFake(argv)
      expect(status).toBe(2)
      expect(stderr).toBe('')
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_USAGE', at: {} } })
    }
    expect((await runFake(['train', '--epoch', '--', '--json'])).stdout).toBe('')
  })
})

describe('failures', () => {
  test('an error is said with its place and hint, and decides the status', async () => {
    const error = new HoneError('E_DISK', 'the disk is full', { at: { file: '/x' }, hint: 'free some space' })
    const result = await runFake(['models', 'list'], { services: failing(error) })
    expect(result).toMatchInlineSnapshot(`
      {
        "status": 3,
        "stderr": "error E_DISK  the disk is full
                    /x
                    free some space
      ",
        "stdout": "",
      }
    `)
    const json = await runFake(['models', 'list', '--json'], { services: failing(error) })
    expect(JSON.parse(json.stdout)).toEqual({
      error: { code: 'E_DISK', message: 'the disk is full', at: { file: '/x' }, hint: 'free some space' },
    })
  })

  test('a defect is one line, its stack only where it is asked for', async () => {
    const services = failing(new TypeError('x is not a function\nat all'))
    const result = await runFake(['models', 'list'], { services })
    expect(result.status).toBe(3)
    expect(result.stderr).toContain('error E_INTERNAL  a defect of Hone: x is not a function\n')
    expect(result.stderr).not.toContain('run-cli.test.ts')
    const traced = await runFake(['models', 'list'], { services, env: { HONE_DEBUG: '1' } })
    expect(traced.stderr).toContain('run-cli.test.ts')
  })

  test('nothing that an error quotes can drive a terminal', async () => {
    const error = new HoneError('E_DATA', 'not a role: \u001b[2J', { at: { file: 'a\u202e.jsonl' } })
    const { stderr } = await runFake(['models', 'list'], { services: failing(error), terminal: true })
    expect(stderr).toContain('not a role: ‹U+001B›[2J')
    expect(stderr).toContain('a‹U+202E›.jsonl')
  })

  test('colours only on a terminal, and never with NO_COLOR', async () => {
    const services = failing(new HoneError('E_DISK', 'full'))
    const escape = '\u001b['
    expect((await runFake(['models', 'list'], { services, terminal: true })).stderr).toContain(escape)
    const plain = [{}, { terminal: true, env: { NO_COLOR: '1' } }, { terminal: true, env: { TERM: 'dumb' } }]
    for (const options of plain) {
      expect((await runFake(['models', 'list'], { services, ...options })).stderr).not.toContain(escape)
    }
  })
})

describe('Ctrl-C', () => {
  test('once: saves, names the command that goes on, status 130, and leaves no handler', async () => {
    const { started, services, stop } = endless()
    const host = fakeHost(['train', '--data', 'x'], { services })
    const status = runCli(host)
    await started
    host.signals.emit('SIGINT')
    expect(host.text().stderr).toBe(
      'train     goes on after step 1\nfinishing the step under way, saving a checkpoint … (again to end at once)\n',
    )
    stop()
    expect(await status).toBe(130)
    expect(host.text().stderr).toContain(
      'error E_INTERRUPTED  stopped after step 2\n                     continue with: hone train --resume x\n',
    )
    expect(host.ended).toEqual([])
    expect(getEventListeners(host.signals, 'SIGINT')).toEqual([])
    expect(getEventListeners(host.signals, 'SIGTERM')).toEqual([])
    expect(host.stdout.listenerCount('error')).toBe(0)
  })

  test('twice: ends at once', async () => {
    const { started, services, stop } = endless()
    const host = fakeHost(['train', '--data', 'x', '--quiet'], { services })
    const status = runCli(host)
    await started
    host.signals.emit('SIGTERM')
    host.signals.emit('SIGINT')
    expect(host.ended).toEqual([130])
    stop()
    await status
  })

  test('what fails because of it is an interruption too', async () => {
    const { promise: started, resolve: start } = defer()
    const pull = async (_: unknown, { signal }: { signal?: AbortSignal }): Promise<never> => {
      start()
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
      throw new Error('socket closed')
    }
    const host = fakeHost(['models', 'pull', 'x'], { services: { models: { pull } } })
    const status = runCli(host)
    await started
    host.signals.emit('SIGINT')
    expect(await status).toBe(130)
    expect(host.text().stderr).toContain('error E_INTERRUPTED')
  })

  test('an interruption that names no way on gets one', async () => {
    const result = await runFake(['models', 'import', 'my base', '--id=b', '--force'], {
      services: { models: { import: stopped } },
    })
    expect(result.status).toBe(130)
    expect(result.stderr).toContain('continue with: hone models import "my base" --id=b\n')
  })
})

describe('train', () => {
  test('hands every flag on', async () => {
    const requests: TrainRequest[] = []
    const train = (request: TrainRequest): Promise<typeof tuned> => {
      requests.push(request)
      return Promise.resolve(tuned)
    }
    const flags =
      '--validation v --base b --out o --name n --system s --max-tokens 9 --drop-long --force --epochs 1.5 --max-steps 8 --batch 2 --accumulate 3 --learning-rate 1e-4 --schedule linear --warmup 0.1 --rank 4 --alpha 8 --targets q_proj,v_proj --weight-decay 0.1 --clip 0 --seed 0 --validation-every 5 --checkpoint-every 6 --early-stopping-patience 2 --early-stopping-threshold 0.1 --from m --method dpo --preference-beta 0.2 --label-smoothing 0.1 --answers last --scaling rslora --dropout 0.05 --gradient-checkpointing layers --layers 3 --activation-cache no'
    const services = { models: { defaultBase: 'base', find }, train: { train } }
    const result = await runFake(['train', '--data', 'd', ...flags.split(' '), '--json'], { services })
    expect(result).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(result.stdout)).toEqual({ schema: 1, dryRun: false, model: tuned })
    expect(requests).toMatchInlineSnapshot(`
      [
        {
          "base": "b",
          "data": "d",
          "dropLong": true,
          "force": true,
          "from": "m",
          "id": "n",
          "maxTokens": 9,
          "out": "o",
          "overrides": {
            "accumulate": 3,
            "activationCache": false,
            "alpha": 8,
            "answers": "last",
            "batchSize": 2,
            "checkpointEvery": 6,
            "clip": 0,
            "dropout": 0.05,
            "earlyStopping": {
              "patience": 2,
              "threshold": 0.1,
            },
            "epochs": 1.5,
            "gradientCheckpointing": "layers",
            "layers": 3,
            "learningRate": 0.0001,
            "maxSteps": 8,
            "method": "dpo",
            "preference": {
              "beta": 0.2,
              "labelSmoothing": 0.1,
            },
            "rank": 4,
            "scaling": "rslora",
            "schedule": "linear",
            "seed": 0,
            "targets": [
              "q_proj",
              "v_proj",
            ],
            "validationEvery": 5,
            "warmup": 0.1,
            "weightDecay": 0.1,
          },
          "system": "s",
          "validation": "v",
        },
      ]
    `)
  })

  test('resumes by id, folder, --out or --name', async () => {
    const services = { models: { find }, train: { resume } }
    const argvs = [
      ['--resume', 'x'],
      ['--resume', '--out', 'x'],
      ['--resume', '--name', 'x'],
    ]
    for (const argv of argvs) {
      const { stdout, status } = await runFake(['train', ...argv], { services })
      expect(status).toBe(0)
      expect(stdout).toBe(
        'model     x   in /home/models/x   best step 3 of 4 steps\nnext      hone chat x     hone models show x\n',
      )
    }
    expect(await runFake(['train', '--resume'], { services })).toMatchObject({ status: 2 })
    const changed = await runFake(['train', '--resume', 'x', '--epochs', '3'], { services })
    expect(changed.stderr).toContain('a resumed run keeps what it was started with; given were epochs')
  })
})

describe('chat', () => {
  test('streams the answer, and says what the template adds', async () => {
    const result = await runFake(['chat', 'm', 'hello'], {
      services: opened(fakeModel(says('Good ', 'day'))),
    })
    expect(result).toEqual({
      status: 0,
      stdout: 'Good day\n',
      stderr:
        'opening m …\nm (tuned from b)\nits template adds this system prompt: "You are kind."; --system replaces it\n',
    })
  })

  test('keeps the answer to what is asked for, and to one thing only', async () => {
    const requests: ChatRequest[] = []
    const file = join(temporaryFolder(), 'schema.json')
    writeFileSync(file, '{"type":"integer"}')
    const services = opened(fakeModel(says('1'), requests))
    const asked = (...flags: string[]): ReturnType<typeof runFake> =>
      runFake(['chat', 'm', 'hi', '--json', ...flags], { services })
    await asked('--json-schema', file)
    await asked('--regex', 'a+')
    await asked('--choices', 'yes,no')
    expect(requests.map(({ constraint }) => constraint)).toEqual([
      { type: 'json-schema', schema: { type: 'integer' } },
      { type: 'regex', pattern: 'a+' },
      { type: 'choice', choices: ['yes', 'no'] },
    ])
    for (const flags of [
      ['--regex', 'a', '--choices', 'b'],
      ['--json-schema', `${file}.none`],
    ]) {
      const { stdout } = await asked(...flags)
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_USAGE' } })
    }
    expect(requests).toHaveLength(3)
  })

  test('takes the prompt from standard input, and every setting', async () => {
    const requests: ChatRequest[] = []
    const flags =
      '--system S --temperature 0.5 --top-k 4 --top-p 0.9 --max-tokens 7 --seed 3 --stop END --stop FIN --logprobs --json --quiet'
    const result = await runFake(['chat', 'm', ...flags.split(' ')], {
      services: opened(fakeModel(says('a', 'b'), requests)),
      stdin: 'first line\nsecond ✓\r\n',
    })
    expect(result.stderr).toBe('')
    expect(JSON.parse(result.stdout)).toEqual({
      schema: 1,
      model: 'm',
      answer: 'ab',
      finishReason: 'stop',
      usage: { promptTokens: 3, completionTokens: 2 },
      logProbabilities: [-0.5, -0.5],
    })
    expect(requests).toEqual([
      {
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'first line\nsecond ✓' },
        ],
        temperature: 0.5,
        topK: 4,
        topP: 0.9,
        maxTokens: 7,
        seed: 3,
        stop: ['END', 'FIN'],
        logProbabilities: true,
      },
    ])
  })

  test.each([
    ['an empty prompt', ['chat', 'm', ' '], '', 'the prompt is empty'],
    ['nothing on standard input', ['chat', 'm'], '', 'the prompt is empty'],
    ['bytes that are no text', ['chat', 'm'], Uint8Array.of(0xff, 0xfe), 'standard input is not UTF-8 text'],
    ['--logprobs without --json', ['chat', 'm', 'x', '--logprobs'], '', '--logprobs has no place in a text'],
  ])('refuses %s', async (_, argv, stdin, message) => {
    const result = await runFake(argv, { services: opened(fakeModel([])), stdin })
    expect(result.status).toBe(2)
    expect(result.stderr).toContain(message)
  })

  test('an answer cannot drive the terminal, and stays as it is in a pipe', async () => {
    const services = opened(fakeModel(says('a\u001b[2Jb\n')))
    expect((await runFake(['chat', 'm', 'x'], { services, terminal: true })).stdout).toBe('a‹U+001B›[2Jb\n')
    expect((await runFake(['chat', 'm', 'x'], { services })).stdout).toBe('a\u001b[2Jb\n')
  })

  test('a reader that goes away ends it without a word', async () => {
    const host = fakeHost(['chat', 'm', 'x', '--quiet'], {
      services: opened({
        ...fakeModel([]),
        async *chat(_, { signal } = {}) {
          host.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
          await Promise.resolve()
          signal?.throwIfAborted()
          yield finish
        },
      }),
    })
    expect(await runCli(host)).toBe(0)
    expect(host.text()).toEqual({ stdout: '', stderr: '' })
  })

  test('an answer that ends without its end is a failure', async () => {
    const model = fakeModel([{ type: 'text-delta', text: 'half' }])
    expect((await runFake(['chat', 'm', 'x'], { services: opened(model) })).status).toBe(3)
  })
})

test('--quiet says nothing but the result', async () => {
  const services = { models: { defaultBase: 'base', find }, train: { train: talkative } }
  expect((await runFake(['train', '--data', 'd'], { services })).stderr).toContain('goes on after step 1')
  expect((await runFake(['train', '--data', 'd', '--quiet'], { services })).stderr).toBe('')
})
