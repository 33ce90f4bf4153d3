import { useEffect, useState, type ReactNode } from 'react'
import type { ApiError } from '../api/api-error.ts'
import { Button } from './button.tsx'
import { formatAbsolute, formatPercent, formatRelative } from './format.ts'
import { WayOut } from './way-out.tsx'

/** What is shown when it is asked for. `open` is its first state. */
export function Disclosure({
  summary,
  open,
  children,
}: {
  readonly summary: ReactNode
  readonly open?: boolean
  readonly children: ReactNode
}) {
  return (
    <details className="disclosure" open={open}>
      <summary>{summary}</summary>
      <div>{children}</div>
    </details>
  )
}

/** Nothing is here yet: says what would be, and how it comes. */
export function EmptyState({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children !== undefined && <div className="muted">{children}</div>}
      {action}
    </div>
  )
}

/** Something is on its way; always with words. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p className="muted loading" role="status">
      Reading {what} …
    </p>
  )
}

/**
 * How far something is, in words and as a bar.
 *
 * @param value a share between 0 and 1; undefined where nobody knows
 * @param words what is done and what is left: `step 120 of 600, 20 min left`
 */
export function Progress({
  label,
  value,
  words,
}: {
  readonly label: string
  readonly value?: number | undefined
  readonly words: string
}) {
  return (
    <div className="progress">
      <div className="progress-words">
        <span>{label}</span>
        <span className="muted number">
          {words}
          {value === undefined ? '' : ` · ${formatPercent(value, 0)}`}
        </span>
      </div>
      <progress
        aria-label={label}
        aria-valuetext={words}
        max={1}
        {...(value === undefined ? {} : { value })}
      />
    </div>
  )
}

type Tone = 'plain' | 'good' | 'busy' | 'wrong' | 'warning'

const tones: Readonly<Record<string, Tone>> = {
  succeeded: 'good',
  promoted: 'good',
  running: 'busy',
  pausing: 'busy',
  stopping: 'busy',
  failed: 'wrong',
  broken: 'wrong',
  'not promoted': 'wrong',
  interrupted: 'warning',
}

/** A state in its own word; the colour only repeats it. Words of jobs and verdicts have their tone by themselves. */
export function Badge({ children, tone }: { readonly children: string; readonly tone?: Tone }) {
  return <span className={`badge ${tone ?? tones[children] ?? 'plain'}`}>{children}</span>
}

/** Told from now, and exactly on hover and focus. @param time ISO text or milliseconds since 1970 */
export function RelativeTime({ time }: { readonly time: string | number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000)
    return () => clearInterval(timer)
  }, [])
  const at = new Date(time)
  const exact = formatAbsolute(at.getTime())
  return (
    <time className="time" dateTime={at.toISOString()} data-exact={exact} tabIndex={0} aria-label={exact}>
      {formatRelative(at.getTime(), now)}
    </time>
  )
}

/** Names and values; a value that is a list of pairs itself belongs in a table. */
export function KeyValues({
  items,
}: {
  readonly items: readonly (readonly [name: ReactNode, value: ReactNode])[]
}) {
  return (
    <dl className="key-values">
      {items.map(([name, value], at) => (
        <div key={at}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [said, setSaid] = useState<string>()
  useEffect(() => {
    if (said === undefined) return undefined
    const timer = setTimeout(() => setSaid(undefined), 2000)
    return () => clearTimeout(timer)
  }, [said])
  const copy = async (): Promise<void> => {
    setSaid(await copyText(text))
  }
  return (
    <Button look="quiet" onClick={() => void copy()}>
      {label}
      <span role="status" className="copied">
        {said === undefined ? '' : ` · ${said}`}
      </span>
    </Button>
  )
}

/** A browser has no clipboard for pages that come over clear text from another machine. */
async function copyText(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    return 'this browser does not let the page copy: select the text'
  }
}

/** Code or a command as it is, to copy; it scrolls sideways by itself. */
export function CodeBlock({ code, label }: { readonly code: string; readonly label: string }) {
  return (
    <figure className="code">
      <figcaption>
        <span>{label}</span>
        <CopyButton text={code} />
      </figcaption>
      <pre role="region" aria-label={label} tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  )
}

/** The API's error, with its way out. It stands where what failed would have stood. */
export function ErrorNote({ error, onRetry }: { readonly error: ApiError; readonly onRetry?: () => void }) {
  const places = Object.entries(error.at).map(([name, value]) => `${name} ${shown(value)}`)
  const whole = [`${error.code}: ${error.message}`, ...places, error.hint ?? ''].filter((line) => line !== '')
  return (
    <div className="error-note" role="alert">
      <p>
        <strong>{sentence(error.message)}</strong>
      </p>
      {places.length > 0 && <p className="muted">Where: {places.join(', ')}</p>}
      {error.hint !== undefined && (
        <p>
          What to do: <WayOut hint={error.hint} />
        </p>
      )}
      <div className="actions">
        <code>{error.code}</code>
        {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
        <CopyButton text={whole.join('\n')} label="Copy the error" />
      </div>
    </div>
  )
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Says that what is seen may be old. */
export function ConnectionNote({ isLost }: { readonly isLost: boolean }) {
  return (
    <p className="connection" role="status">
      {isLost ? 'Connection lost, trying again. What you see may be old.' : ''}
    </p>
  )
}
