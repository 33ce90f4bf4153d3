import { Dialog as Base } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly children: ReactNode
  /** Buttons beside `Cancel`, the one that acts last. */
  readonly actions?: ReactNode
  /** Of the button that closes; default: Cancel. */
  readonly closeLabel?: string
  /** For tables and diffs. */
  readonly wide?: boolean
}

/** Asks before something is done, or shows what belongs to one row. Escape and Cancel close it; the focus goes back to where it was. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  actions,
  closeLabel = 'Cancel',
  wide,
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className={wide === true ? 'dialog wide' : 'dialog'}>
          <Base.Title className="dialog-title">{title}</Base.Title>
          <div className="dialog-body">{children}</div>
          <div className="actions">
            <Base.Close render={<Button />}>{closeLabel}</Base.Close>
            {actions}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
