import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { loadCheckpoint, saveCheckpoint, type Checkpoint } from './checkpoint.ts'

const metrics = { epoch: 1, loss: 1.25, learningRate: 1e-3, gradientNorm: 0.5 }

function checkpointAt(step: number, fingerprint = 'this run'): Checkpoint {
  const numbers = (offset: number): Float32Array => Float32Array.of(step + offset, Math.fround(0.1), -0)
  return {
    state: {
      schema: 1,
      fingerprint,
      step,
      best: { step, loss: 0.1 + 0.2 },
      validationsSinceBest: 1,
      seconds: 12.5,
      history: { steps: [{ step: 1, ...metrics }], validations: [{ step: 1, epoch: 1, loss: 2 }] },
    },
    parameters: numbers(0),
    firstMoments: numbers(0.25),
    secondMoments: numbers(0.5),
    bestParameters: numbers(0.75),
  }
}

const save = (root: string, ...steps: number[]): Promise<void> =>
  steps.reduce(
    (before, step) => before.then(() => saveCheckpoint(root, checkpointAt(step))),
    Promise.resolve(),
  )

const newest = async (root: string): Promise<Checkpoint | undefined> =>
  (await loadCheckpoint(root, 'this run')).checkpoint

describe('a checkpoint', () => {
  test('reads back as it was, bit for bit', async () => {
    const root = temporaryFolder()
    await save(root, 7)
    expect(await newest(root)).toEqual(checkpointAt(7))
  })

  test('may have no validation yet', async () => {
    const root = temporaryFolder()
    const { state, ...tensors } = checkpointAt(2)
    const first = { ...tensors, state: { ...state, best: null }, bestParameters: undefined }
    await saveCheckpoint(root, first)
    expect(await newest(root)).toEqual(first)
  })

  test('is not there at first', async () => {
    expect(await loadCheckpoint(temporaryFolder(), 'this run')).toEqual({
      checkpoint: undefined,
      damaged: [],
    })
    expect(await newest(join(temporaryFolder(), 'nothing'))).toBeUndefined()
  })

  test('of other data or settings is refused', async () => {
    const root = temporaryFolder()
    await save(root, 3)
    await expect(loadCheckpoint(root, 'another run')).rejects.toMatchObject({
      code: 'E_RESUME',
      at: { file: join(root, 'step-000003') },
    })
  })

  test('the newest two are kept, also beyond a million steps', async () => {
    const root = temporaryFolder()
    await save(root, 5, 10, 15, 999_999, 1_000_000)
    expect(readdirSync(root).toSorted()).toEqual(['step-1000000', 'step-999999'])
    expect((await newest(root))?.state.step).toBe(1_000_000)
  })

  test('of a step that was saved before takes its place', async () => {
    const root = temporaryFolder()
    await save(root, 5)
    const again = { ...checkpointAt(5), parameters: Float32Array.of(9, 9, 9) }
    await saveCheckpoint(root, again)
    expect(readdirSync(root)).toEqual(['step-000005'])
    expect(await newest(root)).toEqual(again)
  })
})

describe('a save that was killed', () => {
  test('is not taken for a checkpoint, and does not disturb the next save', async () => {
    const root = temporaryFolder()
    await save(root, 5)
    cpSync(join(root, 'step-000005'), join(root, '.step-000010.tmp'), { recursive: true })
    writeFileSync(join(root, '.step-000010.tmp', 'state.safetensors'), 'half')
    expect((await newest(root))?.state.step).toBe(5)
    await save(root, 10)
    expect(readdirSync(root).toSorted()).toEqual(['step-000005', 'step-000010'])
    expect(await newest(root)).toEqual(checkpointAt(10))
  })
})

const stateOf = (folder: string): string => join(folder, 'state.json')
const tensorsOf = (folder: string): string => join(folder, 'state.safetensors')
const cut = (file: string): void => {
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, bytes.length - 5))
}

describe('a damaged newest checkpoint gives way to the one before', () => {
  const damages: Record<string, (folder: string) => void> = {
    'an empty folder': (folder) => {
      rmSync(folder, { recursive: true })
      mkdirSync(folder)
    },
    'no tensors': (folder) => rmSync(tensorsOf(folder)),
    'no state': (folder) => rmSync(stateOf(folder)),
    'tensors cut short': (folder) => cut(tensorsOf(folder)),
    'tensors with more behind them': (folder) => appendFileSync(tensorsOf(folder), 'more'),
    'a state cut short': (folder) => cut(stateOf(folder)),
    'a state of another kind': (folder) => writeFileSync(stateOf(folder), '{"schema":2}'),
    'an empty state': (folder) => writeFileSync(stateOf(folder), ''),
  }

  test.each(Object.entries(damages))('%s', async (_, damage) => {
    const root = temporaryFolder()
    await save(root, 5, 10)
    damage(join(root, 'step-000010'))
    const { checkpoint, damaged } = await loadCheckpoint(root, 'this run')
    expect(checkpoint).toEqual(checkpointAt(5))
    expect(damaged).toEqual([{ file: join(root, 'damaged-step-000010'), reason: expect.stringMatching(/./) }])
    expect(readdirSync(root).toSorted()).toEqual(['damaged-step-000010', 'step-000005'])
    await save(root, 10)
    expect(await newest(root)).toEqual(checkpointAt(10))
  })

  test('and where none is whole, the run starts anew', async () => {
    const root = temporaryFolder()
    await save(root, 5)
    writeFileSync(stateOf(join(root, 'step-000005')), 'x')
    expect(await loadCheckpoint(root, 'this run')).toMatchObject({
      checkpoint: undefined,
      damaged: [{ file: join(root, 'damaged-step-000005') }],
    })
    await save(root, 5)
    writeFileSync(stateOf(join(root, 'step-000005')), 'x')
    await loadCheckpoint(root, 'this run')
    expect(readdirSync(root).toSorted()).toEqual(['damaged-step-000005', 'damaged-step-000005-2'])
  })
})

test('a folder that cannot be written is E_DISK', async () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  await expect(save(file, 1)).rejects.toMatchObject({ code: 'E_DISK' })
})
