import pino from 'pino'
import type { ServerLogEntry } from '../../service/serving/running-server.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const

export type LogLevel = (typeof levels)[number]
export type LogForm = 'none' | 'text' | 'json'

export interface ServerLogOptions {
  readonly form: LogForm
  /** The least that is written. */
  readonly level: LogLevel
  /** Takes a line with its end. */
  readonly write: (line: string) => void
  readonly now: () => Date
}

/** Members that no line may have, whoever puts them into an entry. */
const secret = ['secret', 'secretAccessKey', 'sessionToken', 'authorization', 'body', 'messages']

/** Writes the entries of a server's log: a JSON object in a line, or a line for people. */
export function createServerLog({
  form,
  level,
  write,
  now,
}: ServerLogOptions): (entry: ServerLogEntry) => void {
  if (form === 'none') return () => undefined
  if (form === 'json') {
    const logger = pino(
      {
        level,
        base: null,
        messageKey: 'message',
        timestamp: () => `,"time":"${now().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
        redact: { paths: secret, remove: true },
      },
      { write },
    )
    return ({ level: own, message, ...members }) => logger[own](members, message)
  }
  const least = levels.indexOf(level)
  return (entry) => {
    if (levels.indexOf(entry.level) >= least) write(`${textLine(entry, now())}\n`)
  }
}

function textLine({ level, message, ...members }: ServerLogEntry, now: Date): string {
  const told = Object.entries(members).filter(
    ([name, value]) => value !== undefined && !secret.includes(name),
  )
  const rest = told.map(([name, value]) => `${name}=${oneLine(value)}`)
  return [now.toISOString().slice(11, 19), level.padEnd(5), message, ...rest].join('  ')
}

/** A value that cannot be taken for another line or another member. */
function oneLine(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return /[\s"\p{Cc}]/u.test(text) ? JSON.stringify(text) : text
}
