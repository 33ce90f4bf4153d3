import type { ComponentProps } from 'react'
import { Link } from '../router/link.tsx'

type Look = 'plain' | 'primary' | 'danger' | 'quiet'

interface ButtonProps extends ComponentProps<'button'> {
  /** One `primary` a view at most; `danger` for what cannot be undone; `quiet` within tables and texts. */
  readonly look?: Look
  /** What is being done, in place of the label, while it is done: `Starting …`. The button takes no clicks then, but keeps the focus. */
  readonly busy?: string | undefined
}

export function Button({ look = 'plain', busy, children, onClick, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`button ${look}`}
      aria-disabled={busy === undefined ? undefined : true}
      onClick={busy === undefined ? onClick : (event) => event.preventDefault()}
    >
      {busy ?? children}
    </button>
  )
}

/** A link that looks like a button: for what leads to another view. */
export function ButtonLink({
  look = 'plain',
  ...rest
}: ComponentProps<typeof Link> & { readonly look?: Look }) {
  return <Link {...rest} className={`button ${look}`} />
}
