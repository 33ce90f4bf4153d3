import { useState } from 'react'
import type { OneExample } from '../../../api/client.ts'
import { Button } from '../../../kit/button.tsx'
import { formatCount } from '../../../kit/format.ts'
import { Signed } from '../../../kit/plain-text.tsx'

type Mask = NonNullable<OneExample['mask']>

const shown = 2_000

/** The tokens of a record: learned ones are underlined, read ones are plain, cut ones are struck out. */
export function TokensView({ mask }: { readonly mask: Mask }) {
  const { sequences, warnings, error, limit, context, model } = mask
  if (error !== null) {
    return (
      <p className="wrong" role="alert">
        {model} cannot take this record: {error.message} <code>{error.code}</code>
      </p>
    )
  }
  return (
    <>
      {sequences.map((sequence) => (
        <Sequence key={sequence.answer} sequence={sequence} />
      ))}
      <p className="muted">
        At most {formatCount(limit)} tokens of a record are trained on; {model} takes {formatCount(context)}.
      </p>
      {warnings.map(({ id, message }) => (
        <p key={id} className="wrong">
          {message}
        </p>
      ))}
    </>
  )
}

function Sequence({
  sequence: { answer, counts, tokens },
}: {
  readonly sequence: Mask['sequences'][number]
}) {
  const [most, setMost] = useState(shown)
  return (
    <figure className="tokens">
      <figcaption className="facts">
        {answer !== 'only' && <span>{answer} answer</span>}
        <span>{formatCount(tokens.length)} tokens</span>
        <span>
          <span className="token" data-state="trained">
            {formatCount(counts.trained)} learned
          </span>
        </span>
        <span>
          <span className="token" data-state="masked">
            {formatCount(counts.masked)} read
          </span>
        </span>
        {counts.cut > 0 && (
          <span>
            <span className="token" data-state="cut">
              {formatCount(counts.cut)} cut
            </span>
          </span>
        )}
      </figcaption>
      <p className="token-text" dir="auto">
        {tokens.slice(0, most).map(({ id, text, state, special }, at) => (
          <span
            key={at}
            className="token"
            data-state={state}
            data-special={special}
            title={`token ${id}, ${state}`}
          >
            <Signed text={text} />
          </span>
        ))}
      </p>
      {tokens.length > most && (
        <Button look="quiet" onClick={() => setMost(most + 20_000)}>
          Show more of {formatCount(tokens.length)} tokens
        </Button>
      )}
    </figure>
  )
}
