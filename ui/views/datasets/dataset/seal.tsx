import { useState, type ReactNode } from 'react'
import { refresh } from '../../../api/query.ts'
import { Button } from '../../../kit/button.tsx'
import { formatCount } from '../../../kit/format.ts'

/** Datasets whose test part the visitor chose to read since the page was opened. */
const opened = new Set<string>()

/** Stands before a sealed test part: to read it is a look, and looks are written down. */
export function Seal({
  dataset,
  looks,
  children,
}: {
  readonly dataset: string
  readonly looks: number
  readonly children: ReactNode
}) {
  const [isOpen, setOpen] = useState(opened.has(dataset))
  if (isOpen) return <>{children}</>
  const open = (): void => {
    opened.add(dataset)
    setOpen(true)
    // The look is counted while the part is being read.
    setTimeout(() => void refresh(['getDataset']), 2000)
  }
  return (
    <div className="seal">
      <h2>This part is sealed</h2>
      <p>
        It is kept to judge models by. Whoever reads it begins to work towards it, and its numbers then
        promise more than they hold.{' '}
        {looks === 0
          ? 'Nobody has looked at it.'
          : `It was looked at ${formatCount(looks)} ${looks === 1 ? 'time' : 'times'}.`}
      </p>
      <p>Reading it is written down, with the time, and stands in every report from then on.</p>
      <div className="actions">
        <Button onClick={open}>Read it, and write that down</Button>
      </div>
    </div>
  )
}
