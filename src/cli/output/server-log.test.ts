import { expect, test } from 'vitest'
import { createServerLog, type LogForm, type LogLevel } from './server-log.ts'

function logged(form: LogForm, level: LogLevel): string[] {
  const lines: string[] = []
  const log = createServerLog({ form, level, write: (line) => lines.push(line), now: () => new Date(0) })
  log({ level: 'debug', message: 'probe' })
  log({ level: 'info', message: 'request', path: '/a b\nc', status: 200, hungUp: undefined })
  log({ level: 'error', message: 'failed', secretAccessKey: 'hidden', body: 'hidden', error: 'why' })
  return lines
}

test('an object a line, with what is known and no secret', () => {
  const lines = logged('json', 'info')
  expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: 'info', time: '1970-01-01T00:00:00.000Z', path: '/a b\nc', status: 200, message: 'request' },
    { level: 'error', time: '1970-01-01T00:00:00.000Z', error: 'why', message: 'failed' },
  ])
})

test('a line for people cannot be made two by what a client sent', () => {
  expect(logged('text', 'debug')).toEqual([
    '00:00:00  debug  probe\n',
    '00:00:00  info   request  path="/a b\\nc"  status=200\n',
    '00:00:00  error  failed  error=why\n',
  ])
})

test('the least level that is written, and nothing at all', () => {
  expect(logged('json', 'error')).toHaveLength(1)
  expect(logged('text', 'warn')).toHaveLength(1)
  expect(logged('json', 'debug')).toHaveLength(3)
  expect(logged('none', 'debug')).toEqual([])
})
