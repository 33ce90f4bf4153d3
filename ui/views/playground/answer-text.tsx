import { memo, useState, type KeyboardEvent } from 'react'
import { formatNumber, formatPercent } from '../../kit/format.ts'
import { PlainText } from '../../kit/plain-text.tsx'
import { probabilityOf, visibleToken, type Said, type ShownToken } from './answer.ts'

/** An answer; where its tokens are known, each tells its probability on hover and focus. Arrow keys walk through them. */
export function AnswerText({
  answer: { text, shown },
  model,
}: {
  readonly answer: Said
  readonly model: string
}) {
  const [at, setAt] = useState(0)
  const [isSeen, setSeen] = useState(false)
  if (!shown.some(({ tokens }) => tokens.length > 0)) return <PlainText text={text} />
  const current = Math.min(at, shown.length - 1)
  const look = ({ target }: { readonly target: EventTarget }): void => {
    const place = target instanceof HTMLElement ? target.dataset['token'] : undefined
    if (place === undefined) return
    setAt(Number(place))
    setSeen(true)
  }
  const walk = (event: KeyboardEvent<HTMLElement>): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: current + 1,
      ArrowLeft: current - 1,
      Home: 0,
      End: shown.length - 1,
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.currentTarget.querySelector<HTMLElement>(`[data-token="${to}"]`)?.focus()
  }
  return (
    <div className="answer-tokens">
      {/* What its tokens are asked arrives here: thousands of them have no ears of their own. */}
      <p
        className="plain-text"
        role="group"
        aria-label={`Tokens of ${model}, arrow keys walk`}
        onKeyDown={walk}
        onFocus={look}
        onPointerOver={look}
      >
        {starts(shown.length).map((first) => {
          const end = Math.min(shown.length, first + stretchesOfRun)
          const isHere = current >= first && current < end
          return (
            <Run key={first} all={shown} first={first} end={end} current={isHere ? current : undefined} />
          )
        })}
      </p>
      <div className="token-about" role="status">
        {isSeen ? (
          shown[current]?.tokens.map((token, index) => <AboutToken key={index} token={token} />)
        ) : (
          <p className="muted">
            Hover a token, or Tab to it: its probability and what else it could have been. Dotted: below 90%.
            Wavy: below 50%.
          </p>
        )}
      </div>
    </div>
  )
}

const stretchesOfRun = 128

const starts = (length: number): number[] =>
  Array.from({ length: Math.ceil(length / stretchesOfRun) }, (_, run) => run * stretchesOfRun)

interface RunProps {
  /** Of the whole answer, which only grows. */
  readonly all: readonly ShownToken[]
  readonly first: number
  readonly end: number
  /** The stretch that Tab reaches, where it is of this run. */
  readonly current: number | undefined
}

/** A run of stretches. One that is full is drawn once, however long the answer grows. */
const Run = memo(
  ({ all, first, end, current }: RunProps) =>
    all.slice(first, end).map((stretch, index) => {
      const probability = probabilityOf(stretch)
      return (
        <span
          key={index}
          data-token={first + index}
          role="button"
          tabIndex={first + index === current ? 0 : -1}
          aria-label={`${visibleToken(stretch.text)}, ${probability === undefined ? 'not known' : formatPercent(probability)}`}
          data-unsure={unsureness(probability)}
        >
          {stretch.text}
        </span>
      )
    }),
  (was, is) => was.end === is.end && was.current === is.current && was.all[was.first] === is.all[is.first],
)
Run.displayName = 'Run'

function unsureness(probability: number | undefined): 'very' | 'some' | undefined {
  if (probability === undefined || probability >= 0.9) return undefined
  return probability < 0.5 ? 'very' : 'some'
}

/** A token and what else could have stood there. */
const AboutToken = ({ token }: { readonly token: ShownToken['tokens'][number] }) => (
  <dl>
    <div>
      <dt>
        <code>{visibleToken(token.text)}</code>
      </dt>
      <dd>
        {formatPercent(Math.exp(token.logProbability))}{' '}
        <span className="muted">ln p {formatNumber(token.logProbability)}</span>
      </dd>
    </div>
    {token.likeliest
      .filter(({ text }) => text !== token.text)
      .map(({ text, logProbability }, other) => (
        <div key={other} className="muted">
          <dt>
            <code>{visibleToken(text)}</code>
          </dt>
          <dd>{formatPercent(Math.exp(logProbability))}</dd>
        </div>
      ))}
  </dl>
)
