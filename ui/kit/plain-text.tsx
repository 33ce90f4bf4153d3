import { useState } from 'react'
import { Button } from './button.tsx'
import { formatCount } from './format.ts'
import { nameOfHidden, textRuns } from './visible-text.ts'

const shown = 20_000
const further = 500_000

/** Text of others, of any length, with its line breaks: only ever text, with signs for what could hide or turn it around. */
export function PlainText({ text }: { readonly text: string }) {
  const [length, setLength] = useState(shown)
  return (
    <>
      <p className="plain-text" dir="auto">
        <Signed text={text.slice(0, length)} />
      </p>
      {text.length > length && (
        <p className="muted">
          {formatCount(length)} of {formatCount(text.length)} characters are shown.{' '}
          <Button look="quiet" onClick={() => setLength(length + further)}>
            Show {formatCount(Math.min(further, text.length - length))} more
          </Button>
        </p>
      )}
    </>
  )
}

/** The same in one line, for cells; whoever shows it cuts it. */
export const PlainLine = ({ text }: { readonly text: string }) => (
  <bdi className="plain-line">
    <Signed text={text.slice(0, 300).replaceAll(/\s+/g, ' ')} />
  </bdi>
)

/** Runs of a text, the hidden ones with their signs. */
export const Signed = ({ text }: { readonly text: string }) =>
  textRuns(text).map(({ text: run, sign }, at) =>
    sign === undefined ? (
      <span key={at}>{run}</span>
    ) : (
      <span key={at} className="hidden-sign" title={nameOfHidden(run)}>
        {sign}
      </span>
    ),
  )
