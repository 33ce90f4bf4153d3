import { useState, type KeyboardEvent } from 'react'
import { formatNumber, formatPercent } from '../../kit/format.ts'
import { PlainText } from '../../kit/plain-text.tsx'
import { answerText, probabilityOf, shownTokens, visibleToken, type AnswerPiece } from './answer.ts'

/** An answer; where its tokens are known, each tells its probability on hover and focus. Arrow keys walk through them. */
export function AnswerText({
  pieces,
  model,
}: {
  readonly pieces: readonly AnswerPiece[]
  readonly model: string
}) {
  const tokens = shownTokens(pieces)
  const [at, setAt] = useState(0)
  const [isSeen, setSeen] = useState(false)
  if (!tokens.some((each) => each.tokens.length > 0)) return <PlainText text={answerText(pieces)} />
  const walk = (event: KeyboardEvent<HTMLElement>): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: tokens.length - 1,
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = Math.max(0, Math.min(tokens.length - 1, to))
    setAt(next)
    const elements = event.currentTarget.querySelectorAll<HTMLElement>('[data-token]')
    elements[next]?.focus()
  }
  const shown = tokens[Math.min(at, tokens.length - 1)]
  return (
    <div className="tokens">
      {/* The arrow keys of its tokens arrive here. */}
      <p
        className="plain-text"
        role="group"
        aria-label={`Tokens of ${model}, arrow keys walk`}
        onKeyDown={walk}
      >
        {tokens.map((token, index) => {
          const probability = probabilityOf(token)
          return (
            <span
              key={index}
              data-token
              role="button"
              tabIndex={index === at ? 0 : -1}
              aria-label={`${visibleToken(token.text)}, ${probability === undefined ? 'not known' : formatPercent(probability)}`}
              data-unsure={
                probability === undefined
                  ? undefined
                  : probability < 0.5
                    ? 'very'
                    : probability < 0.9
                      ? 'some'
                      : undefined
              }
              onFocus={() => {
                setAt(index)
                setSeen(true)
              }}
              onPointerEnter={() => {
                setAt(index)
                setSeen(true)
              }}
            >
              {token.text}
            </span>
          )
        })}
      </p>
      <div className="token-about" role="status">
        {!isSeen || shown === undefined ? (
          <p className="muted">
            Hover a token, or Tab to it: its probability and what else it could have been. Dotted: below 90%.
            Wavy: below 50%.
          </p>
        ) : (
          shown.tokens.map((token, index) => (
            <dl key={index}>
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
          ))
        )}
      </div>
    </div>
  )
}
