import { describe, expect, test } from 'vitest'
import { TokenDraft } from './token-draft.ts'

const twice = [5, 6, 7, 8, 9, 10, 11, 12, 13, 5, 6, 7, 8]

describe('a draft', () => {
  test('goes on as the sequence did after its last tokens', () => {
    expect(new TokenDraft().propose(twice, 100)).toEqual([9, 10, 11, 12])
    expect(new TokenDraft().propose(twice, 2)).toEqual([9, 10])
  })

  test('follows the later of two places', () => {
    expect(new TokenDraft().propose([1, 2, 3, 4, 40, 1, 2, 3, 4, 50, 1, 2, 3, 4], 1)).toEqual([50])
  })

  test('goes on beyond the end of the sequence with itself', () => {
    expect(new TokenDraft().propose([4, 4, 4, 4, 4], 10)).toEqual([4, 4, 4, 4])
    expect(new TokenDraft().propose([1, 2, 3, 1, 2, 3, 1], 3)).toEqual([2, 3, 1])
  })

  test('is none where less than four tokens are repeated', () => {
    for (const sequence of [[], [1], [7, 7], [7, 7, 7], [7, 7, 7, 7], [1, 2, 3, 4], [0, 1, 2, 3, 9, 1, 2, 3]])
      expect(new TokenDraft().propose(sequence, 10)).toEqual([])
  })

  test('sees what was added since the last one', () => {
    const draft = new TokenDraft()
    const sequence = [1, 2, 3, 4, 5]
    expect(draft.propose(sequence, 5)).toEqual([])
    sequence.push(9, 1, 2, 3, 4)
    expect(draft.propose(sequence, 5)).toEqual([5, 9, 1, 2])
  })

  test('grows while it is right, up to twelve tokens, and needs less evidence', () => {
    const draft = new TokenDraft()
    const sequence = Array.from({ length: 100 }, (_, at) => at % 40)
    const lengths = [1, 2, 3, 4].map(() => {
      const { length } = draft.propose(sequence, 100)
      draft.judge(length, length)
      return length
    })
    expect(lengths).toEqual([4, 8, 12, 12])
    sequence.push(70, 5, 6, 7)
    expect(draft.propose(sequence, 1)).toEqual([8])
  })

  test('needs ever more evidence while it is wrong', () => {
    const draft = new TokenDraft()
    const sequence = Array.from({ length: 300 }, (_, at) => at)
    const same: number[] = []
    for (let token = 0; token < 200; token++) {
      sequence.push(token)
      const { length } = draft.propose(sequence, 100)
      if (length === 0) continue
      same.push(token + 1)
      draft.judge(length, 0)
    }
    expect(same).toEqual([4, 8, 16, 32, 64, 128])
  })

  test('that was half right changes nothing', () => {
    const draft = new TokenDraft()
    draft.judge(4, 2)
    expect(draft.propose(twice, 100)).toHaveLength(4)
  })
})
