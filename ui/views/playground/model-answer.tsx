import { Button } from '../../kit/button.tsx'
import { Select } from '../../kit/fields.tsx'
import { formatCount, formatDuration, formatNumber } from '../../kit/format.ts'
import { PlainText } from '../../kit/plain-text.tsx'
import { ErrorNote } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { AnswerText } from './answer-text.tsx'
import { isUnderWay, type Answer } from './use-answers.ts'

const reasons = {
  stop: 'ended by itself',
  length: 'cut at the most tokens',
  'tool-calls': 'calls tools',
} as const

interface ModelAnswerProps {
  readonly model: string
  /** It and those that are not beside it. */
  readonly names: readonly string[]
  readonly answer: Answer | undefined
  readonly turns: readonly { readonly user: string; readonly answer: string }[]
  readonly onChange: (model: string) => void
  readonly onRemove: (() => void) | undefined
  readonly onStop: () => void
  readonly onAdd: () => void
}

/** What one model says, and what it took. */
export function ModelAnswer(props: ModelAnswerProps) {
  const { model, names, answer, turns, onChange, onRemove, onStop, onAdd } = props
  const isRunning = answer !== undefined && isUnderWay(answer)
  return (
    <section className="model-answer" aria-label={model}>
      <div className="model-head">
        <Select
          label="Model"
          value={model}
          disabled={isRunning}
          options={names.map((name) => ({ value: name, label: name }))}
          onChange={onChange}
        />
        <div className="actions">
          <Link href={`/models/${encodeURIComponent(model)}`}>About it</Link>
          {onRemove !== undefined && (
            <Button look="quiet" disabled={isRunning} aria-label={`Remove ${model}`} onClick={onRemove}>
              Remove
            </Button>
          )}
        </div>
      </div>
      {turns.map(({ user, answer: said }, at) => (
        <div key={at} className="past-turn">
          <p className="muted">{user}</p>
          <PlainText text={said} />
        </div>
      ))}
      {answer === undefined ? (
        <p className="muted">Its answer comes here.</p>
      ) : (
        <>
          {answer.state === 'waiting' && (
            <p className="muted" role="status">
              Reading the prompt …
            </p>
          )}
          {answer.state !== 'waiting' &&
            answer.text === '' &&
            answer.shown.length === 0 &&
            answer.calls.length === 0 &&
            answer.error === undefined && <p className="muted">The answer is empty.</p>}
          {(answer.text !== '' || answer.shown.length > 0) && <AnswerText answer={answer} model={model} />}
          {answer.calls.map((call, at) => (
            <pre key={at} className="tool-call">
              {call.name}({JSON.stringify(call.arguments, null, 2)})
            </pre>
          ))}
          {answer.error !== undefined && <ErrorNote error={answer.error} />}
          <p className="muted small" role="status">
            {aboutAnswer(answer)}
          </p>
          <div className="actions">
            {isRunning ? (
              <Button look="quiet" onClick={onStop} aria-label={`Stop ${model}`}>
                Stop
              </Button>
            ) : (
              answer.error === undefined && (
                <Button
                  look="quiet"
                  onClick={onAdd}
                  aria-label={`Correct and add to a dataset: the answer of ${model}`}
                >
                  Correct and add to a dataset
                </Button>
              )
            )}
          </div>
        </>
      )}
    </section>
  )
}

function aboutAnswer({ state, finish }: Answer): string {
  if (state === 'stopped') return 'stopped'
  if (finish === undefined) return state === 'streaming' ? 'answering …' : ''
  const { usage, milliseconds, reason } = finish
  const seconds = milliseconds.total / 1000
  return [
    `${formatCount(usage.promptTokens)} tokens in, ${formatCount(usage.completionTokens)} out`,
    ...(milliseconds.firstToken === null ? [] : [`first after ${formatDuration(milliseconds.firstToken)}`]),
    formatDuration(milliseconds.total),
    ...(seconds > 0 ? [`${formatNumber(usage.completionTokens / seconds, 2)} tokens/s`] : []),
    reasons[reason],
  ].join(' · ')
}
