import { describe, expect, test } from 'vitest'
import type { RunEvent } from '../../service/run/run-event.ts'
import { createPaint } from '../output/paint.ts'
import { createReporter, type Reporter } from './reporter.ts'

interface Scene {
  readonly reporter: Reporter
  readonly writes: string[]
  readonly at: (seconds: number) => void
  readonly tick: () => void
  readonly ticking: () => boolean
}

function scene(isLive: boolean, columns = 100): Scene {
  const writes: string[] = []
  let now = 0
  let ticks: (() => void) | undefined
  const reporter = createReporter({
    output: {
      columns,
      write: (text) => writes.push(text),
      lines: (lines) => {
        if (lines.length > 0) writes.push(`${lines.join('\n')}\n`)
      },
    },
    isLive,
    paint: createPaint(false, {}),
    now: () => now,
    startTicker: (tick) => {
      ticks = tick
      return () => (ticks = undefined)
    },
  })
  return {
    reporter,
    writes,
    at: (seconds) => (now = seconds * 1000),
    tick: () => ticks?.(),
    ticking: () => ticks !== undefined,
  }
}

const asked = (done: number): RunEvent => ({
  type: 'progress',
  phase: 'evaluate',
  candidate: 'base',
  done,
  total: 100,
})
const clear = '\r\u001b[2K'

describe('on a terminal', () => {
  test('one line is written over, ten times a second at most', () => {
    const { reporter, writes, at } = scene(true)
    for (let each = 0; each <= 100; each++) {
      at(each * 0.01)
      reporter.show(asked(each))
    }
    expect(writes.length).toBeGreaterThan(5)
    expect(writes.length).toBeLessThanOrEqual(11)
    expect(writes.every((text) => text.startsWith(clear) && !text.includes('\n'))).toBe(true)
  })

  test('lines that stay take its place, and the end clears it', () => {
    const { reporter, writes, at, ticking } = scene(true)
    reporter.show(asked(1))
    at(0.01)
    reporter.show({ type: 'phase', phase: 'evaluate', lines: ['base: done'] })
    at(1)
    reporter.show(asked(2))
    reporter.end()
    expect(writes).toEqual([
      expect.stringContaining(`${clear}evaluate  base  1/100`),
      clear,
      'evaluate  base: done\n',
      expect.stringContaining(`${clear}evaluate  base  2/100`),
      clear,
    ])
    expect(ticking()).toBe(false)
  })

  test('the time moves on while nothing happens', () => {
    const { reporter, writes, at, tick } = scene(true)
    reporter.show(asked(1))
    at(7)
    tick()
    expect(writes.at(-1)).toContain('7 s')
  })

  test('and while something loads of which nothing tells', () => {
    const { reporter, writes, at, tick } = scene(true)
    reporter.show({ type: 'phase', phase: 'tokens', lines: ['mean 90'] })
    at(0.9)
    tick()
    expect(writes).toEqual(['tokens    mean 90\n'])
    at(3)
    tick()
    expect(writes.at(-1)).toBe(`${clear}          … 3 s`)
    reporter.end()
    expect(writes.at(-1)).toBe(clear)
  })

  test('a narrow terminal cuts it', () => {
    const { reporter, writes } = scene(true, 24)
    reporter.show(asked(1))
    expect(writes).toEqual([`${clear}evaluate  base  1/100 …`])
  })

  test('nothing in it can drive the terminal', () => {
    const { reporter, writes } = scene(true)
    reporter.show({ ...asked(1), candidate: 'a\u001b[2Jb\nc' } as RunEvent)
    reporter.show({ type: 'warning', message: 'x\u001by' })
    expect(writes.join('')).toContain('a‹U+001B›[2Jb‹U+000A›c')
    expect(writes.join('')).toContain('x‹U+001B›y')
  })
})

describe('elsewhere', () => {
  test('a line every ten seconds, and what stays at once', () => {
    const { reporter, writes, at } = scene(false)
    for (let second = 0; second <= 45; second++) {
      at(second)
      reporter.show(asked(second))
    }
    reporter.show({ type: 'phase', phase: 'evaluate', lines: ['base: done'] })
    reporter.end()
    expect(writes.map((line) => line.replace(/ {2}[█░].*/, ''))).toEqual([
      'evaluate  base  10/100\n',
      'evaluate  base  20/100\n',
      'evaluate  base  30/100\n',
      'evaluate  base  40/100\n',
      'evaluate  base: done\n',
    ])
  })
})
