import { useEffect, useState } from 'react'
import { useApi } from '../../api/query.ts'
import { Button } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Select, TextField } from '../../kit/fields.tsx'
import { Section } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { Badge, EmptyState, RelativeTime } from '../../kit/texts.tsx'
import { setSearchParams, useSearchParam } from '../../router/use-search-param.ts'
import { actionName, actionWords } from './action-words.ts'
import './settings.css'

/** Who changed what, newest first. Fetches `listAudit` and the keys for their users. */
export function AuditLog() {
  const [search, setSearch] = useSearchParam('search')
  const [keyId, setKey] = useSearchParam('key')
  const [after, setAfter] = useSearchParam('after', '', { push: true })
  const typed = useLater(search)
  const query = useApi(
    'listAudit',
    {
      query: {
        limit: 100,
        ...(typed === '' ? {} : { search: actionName(typed) }),
        ...(keyId === '' ? {} : { keyId }),
        ...(after === '' ? {} : { after }),
      },
    },
    { keepPrevious: true },
  )
  const keys = useApi('listKeys', {})
  const users = new Map(keys.data?.keys.map(({ id, user }) => [id, user]))
  return (
    <Section title="Audit log">
      <p className="muted">Every change and every attempt at one; never what was said to a model.</p>
      <div className="audit-filters">
        <TextField
          label="Search"
          type="search"
          value={search}
          placeholder="action, subject or error code"
          onChange={({ target }) => {
            setSearchParams({ after: null })
            setSearch(target.value)
          }}
        />
        <Select
          label="Key"
          value={keyId}
          options={[
            { value: '', label: 'all' },
            ...[...users].map(([id, user]) => ({ value: id, label: `${user} · ${id}` })),
          ]}
          onChange={(next) => {
            setSearchParams({ after: null })
            setKey(next)
          }}
        />
      </div>
      <Fetched query={query} what="the audit log">
        {({ entries, next }) => (
          <>
            <Table
              caption="Audit log"
              rows={entries}
              rowKey={({ at, action }, index) => `${at} ${action} ${index}`}
              empty={
                <EmptyState
                  title={typed === '' && keyId === '' ? 'Nothing was changed yet.' : 'No entry is like this.'}
                />
              }
              columns={[
                { id: 'at', title: 'When', cell: ({ at }) => <RelativeTime time={at} /> },
                {
                  id: 'user',
                  title: 'Who',
                  cell: ({ keyId: id }) => users.get(id) ?? <code>{id}</code>,
                },
                {
                  id: 'action',
                  title: 'What',
                  isHeading: true,
                  cell: ({ action }) => <span title={action}>{actionWords(action)}</span>,
                },
                {
                  id: 'resource',
                  title: 'On',
                  cell: ({ resource }) => (resource === '*' ? '–' : <code>{resource}</code>),
                },
                {
                  id: 'outcome',
                  title: 'Outcome',
                  cell: ({ outcome }) =>
                    /^2\d\d$/.test(outcome) ? (
                      <span title={outcome}>done</span>
                    ) : (
                      <Badge tone="warning">{outcome}</Badge>
                    ),
                },
              ]}
            />
            <div className="actions">
              {after !== '' && <Button onClick={() => setAfter('')}>Newest</Button>}
              {next !== null && <Button onClick={() => setAfter(next)}>Older</Button>}
            </div>
          </>
        )}
      </Fetched>
    </Section>
  )
}

/** What was typed when nobody has typed for a moment. */
function useLater(text: string): string {
  const [later, setLater] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setLater(text), 250)
    return () => clearTimeout(timer)
  }, [text])
  return later
}
