import { useEffect, useRef, type ReactNode } from 'react'
import { usePath } from '../router/location.ts'

interface PageProps {
  /** Heads the view and names the browser's tab. */
  readonly title: string
  /** Above the title: where this belongs to, as links. */
  readonly trail?: ReactNode
  /** Beside the title: buttons of the whole view. */
  readonly actions?: ReactNode
  /** For charts and tables that profit from a wide screen. */
  readonly isWide?: boolean
  readonly children: ReactNode
}

/** A view's content with its title, which takes the focus when another view was left for it. */
export function Page({ title, trail, actions, isWide = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const path = usePath()
  useEffect(() => {
    document.title = `${title} · Hone`
  }, [title])
  useEffect(() => {
    if (arrived === path) return
    // Not when the page opens: the focus is the visitor's then.
    if (arrived !== undefined) heading.current?.focus()
    arrived = path
  }, [path])
  return (
    <article className={isWide ? 'page wide' : 'page'}>
      {trail !== undefined && <p className="trail">{trail}</p>}
      <header className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </header>
      {children}
    </article>
  )
}

/** Path of the view that was last shown. */
let arrived: string | undefined

/** A part of a view, with its own heading. */
export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className="section">
      <header className="page-head">
        <h2>{title}</h2>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}
