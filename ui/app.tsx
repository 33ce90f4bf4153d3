import {
  Component,
  lazy,
  Suspense,
  type ComponentType,
  type LazyExoticComponent,
  type ReactNode,
} from 'react'
import { toApiError } from './api/api-error.ts'
import { useKey } from './api/session.ts'
import { Frame } from './frame.tsx'
import { ButtonLink } from './kit/button.tsx'
import { Page } from './kit/page.tsx'
import { EmptyState, ErrorNote, Loading } from './kit/texts.tsx'
import { usePath } from './router/location.ts'
import { matchPath } from './router/match-path.ts'
import { SignIn } from './sign-in.tsx'
import { views, type View, type ViewProps } from './views.ts'

const components = new Map<View, LazyExoticComponent<ComponentType<ViewProps>>>(
  views.map((view) => [view, lazy(view.load)]),
)

export function App() {
  const key = useKey()
  const path = usePath()
  const found = findView(path)
  const isSignedIn = key !== undefined
  return (
    <Frame area={found?.view.area} isSignedIn={isSignedIn}>
      {isSignedIn ? <Shown key={path} found={found} /> : <SignIn />}
    </Frame>
  )
}

interface Found {
  readonly view: View
  readonly params: Readonly<Record<string, string>>
}

function findView(path: string): Found | undefined {
  for (const view of views) {
    const params = matchPath(view.path, path)
    if (params !== undefined) return { view, params }
  }
  return undefined
}

function Shown({ found }: { readonly found: Found | undefined }) {
  if (found === undefined) return <NotFound />
  const View = components.get(found.view) ?? NotFound
  return (
    <Failures>
      <Suspense fallback={<Loading what="the view" />}>
        <View params={found.params} />
      </Suspense>
    </Failures>
  )
}

function NotFound() {
  return (
    <Page title="Nothing is here">
      <EmptyState
        title="No view has this address."
        action={<ButtonLink href="/">Go to the start</ButtonLink>}
      />
    </Page>
  )
}

/** A view that fails leaves the navigation usable. */
class Failures extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined as unknown }

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children
    return (
      <Page title="This view failed">
        <ErrorNote error={toApiError(this.state.error)} onRetry={() => location.reload()} />
      </Page>
    )
  }
}
