import { useQueryClient } from '@tanstack/react-query'
import { useId, useState, type ReactNode } from 'react'
import { signOut } from './api/session.ts'
import { Button } from './kit/button.tsx'
import { ThemeSwitch } from './kit/theme-switch.tsx'
import { Link } from './router/link.tsx'
import { areas, views } from './views.ts'

/** What stands around every view: the name, the navigation, the theme and the way out. */
export function Frame({
  area,
  isSignedIn,
  children,
}: {
  readonly area: string | undefined
  readonly isSignedIn: boolean
  readonly children: ReactNode
}) {
  const [isOpen, setOpen] = useState(false)
  const navigation = useId()
  const queries = useQueryClient()
  return (
    <div className="frame">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="side">
        <div className="side-head">
          <Link href="/" className="name">
            Hone
          </Link>
          {isSignedIn && (
            <span className="menu">
              <Button
                look="quiet"
                aria-expanded={isOpen}
                aria-controls={navigation}
                onClick={() => setOpen(!isOpen)}
              >
                Menu
              </Button>
            </span>
          )}
        </div>
        {isSignedIn && (
          <nav id={navigation} aria-label="Views" data-open={isOpen || undefined}>
            <ul>
              {areas.map(({ name, path }) => (
                <li key={name}>
                  <Link
                    href={path}
                    aria-current={name === area ? 'page' : undefined}
                    onClick={() => setOpen(false)}
                    onPointerEnter={() => preload(path)}
                    onFocus={() => preload(path)}
                  >
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <div className="side-foot" data-open={isOpen || undefined}>
          <ThemeSwitch />
          {isSignedIn && (
            <Button
              look="quiet"
              onClick={() => {
                queries.clear()
                signOut()
              }}
            >
              Sign out
            </Button>
          )}
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

/** So that a view is there when the link to it is clicked. A failure shows itself then. */
function preload(path: string): void {
  views
    .find((view) => view.path === path)
    ?.load()
    .catch(() => undefined)
}
