import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { useSearchParam } from '../router/use-search-param.ts'

interface TabsProps {
  /** Of the list of tabs, for screen readers. */
  readonly label: string
  readonly tabs: readonly { readonly id: string; readonly label: ReactNode; readonly content: ReactNode }[]
  /** Name in the address; default: `tab`. */
  readonly param?: string
}

/** The chosen tab stands in the address; only its content is there. */
export function Tabs({ label, tabs, param = 'tab' }: TabsProps) {
  const first = tabs[0]?.id ?? ''
  const [asked, choose] = useSearchParam(param, first)
  const chosen = tabs.some(({ id }) => id === asked) ? asked : first
  return (
    <Base.Root className="tabs" value={chosen} onValueChange={(id) => choose(String(id))}>
      <Base.List className="tab-list" aria-label={label} activateOnFocus>
        {tabs.map(({ id, label: name }) => (
          <Base.Tab key={id} value={id} className="tab">
            {name}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ id, content }) => (
        <Base.Panel key={id} value={id} className="tab-panel">
          {content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
