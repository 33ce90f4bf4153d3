import { describe, expect, test } from 'vitest'
import { checkHyperparameters } from './check-hyperparameters.ts'
import { checkLifecycle } from './check-lifecycle.ts'
import { findProfile, profiles } from './profiles.ts'
import { sources } from './sources.ts'

const ids = profiles.map(({ id }) => id)

const { profile: haiku } = findProfile('bedrock:claude-3-haiku')

const said = (given: Record<string, string>, name = 'bedrock:claude-3-haiku'): string[] =>
  checkHyperparameters(findProfile(name).profile, given).map(({ message, hint }) => `${message} | ${hint}`)

const on = (day: string, name = 'bedrock:claude-3-haiku', atService = false): unknown[] =>
  checkLifecycle(findProfile(name).profile, { now: new Date(`${day}T12:00:00Z`), atService }).map(
    ({ severity, message }) => [severity, message],
  )

describe('profiles', () => {
  test('cover the bases that services tune', () => {
    const wanted = [
      'bedrock:claude-3-haiku',
      'bedrock:nova-micro',
      'bedrock:nova-lite',
      'bedrock:nova-pro',
      'bedrock:nova-2-lite',
      'bedrock:llama-3.1-8b',
      'bedrock:llama-3.1-70b',
      'bedrock:llama-3.2-90b',
      'bedrock:llama-3.3-70b',
      'bedrock:titan-text-express',
      'bedrock:cohere-command-light',
      'bedrock:rft',
      'bedrock:distillation',
      'openai:gpt-4o-mini',
      'openai:gpt-4.1-nano',
      'openai:gpt-3.5-turbo',
      'openai:gpt-4o:dpo',
      'openai:o4-mini:rft',
      'local',
    ]
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('have consistent numbers and dates, and pages that are https', () => {
    const parameters = profiles.flatMap(({ id, hyperparameters }) =>
      hyperparameters.map((each) => ({ id, ...each })),
    )
    expect(parameters.length).toBeGreaterThan(50)
    const wrong = parameters.filter(
      ({ default: usual, minimum = -Infinity, maximum = Infinity, words = [], type }) => {
        const fits =
          typeof usual === 'number'
            ? usual >= minimum && usual <= maximum
            : usual === undefined || words.includes(usual)
        return !fits || minimum > maximum || (type === 'word' && words.length === 0)
      },
    )
    expect(wrong).toEqual([])
    const disordered = profiles.filter(({ lifecycle, asOf, records }) => {
      const {
        launched = '2000-01-01',
        noNewJobs = '2999-01-01',
        endOfLife = '2999-01-01',
        successors,
      } = lifecycle
      const isOrdered = launched <= noNewJobs && (lifecycle.noNewJobs === undefined || noNewJobs <= endOfLife)
      const isCounted = (records.minimum?.value ?? 0) < (records.training?.value ?? Infinity)
      return (
        !isOrdered || !isCounted || !/^20\d\d-\d\d$/.test(asOf) || successors.some((id) => !ids.includes(id))
      )
    })
    expect(disordered).toEqual([])
    expect(Object.values(sources).filter(({ url }) => !url.startsWith('https://'))).toEqual([])
  })

  test('are found by id, by the model id of the service, and by the name of a family, which is said', () => {
    expect(findProfile('bedrock:claude-3-haiku').note).toBeUndefined()
    expect(findProfile('anthropic.claude-3-haiku-20240307-v1:0:200k').profile.id).toBe(
      'bedrock:claude-3-haiku',
    )
    expect(findProfile('bedrock:llama-3.1')).toMatchObject({
      profile: { id: 'bedrock:llama-3.1-8b' },
      note: 'bedrock:llama-3.1 is a family: the rules of bedrock:llama-3.1-8b are used',
    })
    expect(findProfile('local:My-Model')).toMatchObject({ profile: { id: 'local' }, localModel: 'My-Model' })
  })

  test.each(['bedrock:cluade-3-haiku', 'claude-3-haiku', 'bedrock:claude3haiku'])(
    '%s is nearly a profile',
    (name) => {
      expect(() => findProfile(name)).toThrow(
        expect.objectContaining({
          code: 'E_USAGE',
          hint: expect.stringMatching(/^did you mean bedrock:claude-3-haiku/) as string,
        }),
      )
    },
  )

  test.each(['', 'constructor', '__proto__', 'x'.repeat(1e6)])('%# is no profile', (name) => {
    expect(() => findProfile(name)).toThrow(expect.objectContaining({ code: 'E_USAGE' }))
  })
})

describe('hyperparameters', () => {
  test('a sound job', () => {
    const usual = Object.fromEntries(
      haiku.hyperparameters.map(({ name, default: value }) => [name, String(value)]),
    )
    expect(Object.keys(usual)).toHaveLength(5)
    expect(checkHyperparameters(haiku, usual)).toEqual([])
    expect(
      said({ n_epochs: 'auto', batch_size: '8', learning_rate_multiplier: '0.1' }, 'openai:gpt-4o-mini'),
    ).toEqual([])
    expect(said({ anything: '1' }, 'bedrock:nova-2-lite')).toEqual([])
  })

  test('a name of another base is told about its equivalent', () => {
    expect(said({ learningRate: '1e-5' })).toEqual([
      'bedrock:claude-3-haiku has no hyperparameter "learningRate" | use learningRateMultiplier, a number from 0.1 to 2, default 1: scales a learning rate that is not published',
    ])
    expect(said({ n_epochs: '2' })[0]).toContain('use epochCount')
    expect(said({ epochcount: '2' })[0]).toContain('use epochCount')
    expect(said({ batchSize: '2' }, 'bedrock:nova-lite')[0]).toContain(
      'it has epochCount, learningRate, learningRateWarmupSteps',
    )
  })

  test.each([
    ['0', 'epochCount is 0, outside from 1 to 10'],
    ['11', 'epochCount is 11, outside from 1 to 10'],
    ['2.5', 'epochCount must be a whole number, not "2.5"'],
    ['two', 'epochCount must be a number, not "two"'],
    ['', 'epochCount must be a number, not ""'],
    ['0x2', 'epochCount must be a number, not "0x2"'],
    ['1e999', 'epochCount must be a number, not "1e999"'],
  ])('epochCount %s', (value, message) => {
    expect(said({ epochCount: value }).map((text) => text.split(' | ')[0])).toEqual([message])
  })

  test('the bounds themselves are allowed', () => {
    expect(said({ learningRateMultiplier: '0.1', epochCount: '10', batchSize: '4' })).toEqual([])
    expect(said({ reasoning_effort: 'huge' }, 'openai:o4-mini:rft')).toHaveLength(1)
  })
})

describe('lifecycle', () => {
  test('a base is well, then about to close, closed, and retired', () => {
    expect(on('2025-06-01')).toEqual([])
    expect(on('2026-01-01')).toEqual([
      [
        'warning',
        'the last new jobs are taken on 2026-03-10; the base and what was tuned from it end on 2026-09-10',
      ],
    ])
    expect(on('2026-03-10')).toEqual([
      ['warning', 'this base takes no new jobs since 2026-03-10, and it ends on 2026-09-10'],
    ])
    expect(on('2026-09-10')).toEqual([
      ['warning', "this base was retired on 2026-09-10; on Amazon's side no job will start"],
    ])
  })

  test('where a job would go to the service it is an error', () => {
    expect(on('2026-03-10', 'bedrock:claude-3-haiku', true)).toMatchObject([['error', expect.any(String)]])
    expect(on('2026-11-21', 'bedrock:claude-3-haiku', true)).toMatchObject([['error', expect.any(String)]])
    expect(on('2026-11-21', 'bedrock:titan-text-lite', true)).toMatchObject([['error', expect.any(String)]])
    expect(on('2026-11-21', 'bedrock:nova-lite', true)).toEqual([])
    expect(on('2026-11-21', 'openai:gpt-4o-mini', true)).toMatchObject([['warning', expect.any(String)]])
  })
})
