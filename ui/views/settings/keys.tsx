import { useState, type FormEvent } from 'react'
import type { Key, MadeKey } from '../../api/client.ts'
import { useApi, useChange } from '../../api/query.ts'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Checkbox, Select, TextField } from '../../kit/fields.tsx'
import { Section } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { Badge, CodeBlock, ErrorNote, RelativeTime } from '../../kit/texts.tsx'
import './settings.css'

/** What a key may do, in sentences. The names are those of docs/api.md. */
const permissions = [
  { name: 'read', about: 'see everything but keys and the audit log' },
  { name: 'write', about: 'upload, train, evaluate, remove' },
  { name: 'invoke', about: 'ask models' },
  { name: 'admin', about: 'make and revoke keys, read the audit log' },
] as const

/** Keys of this server: made, shown once, revoked. Fetches `listKeys`; changes by `createKey` and `revokeKey`. */
export function Keys() {
  const [isMaking, make] = useState(false)
  const [made, setMade] = useState<MadeKey>()
  const [revoking, revoke] = useState<Key>()
  return (
    <Section
      title="Keys"
      actions={
        <Button look="primary" onClick={() => make(true)}>
          Make a key
        </Button>
      }
    >
      {made !== undefined && <Secret made={made} onDone={() => setMade(undefined)} />}
      <Fetched query={useApi('listKeys', {})} what="the keys">
        {({ keys }) => <KeyTable keys={keys} onRevoke={revoke} />}
      </Fetched>
      <MakeKey
        isOpen={isMaking}
        onClose={() => make(false)}
        onMade={(key) => {
          make(false)
          setMade(key)
        }}
      />
      <RevokeKey subject={revoking} onClose={() => revoke(undefined)} />
    </Section>
  )
}

/** The only time that a secret is seen; it stays until the visitor says that it is kept. */
function Secret({ made, onDone }: { readonly made: MadeKey; readonly onDone: () => void }) {
  return (
    <div className="secret" role="status">
      <p>
        <strong>The key of {made.user}. It is shown this once: keep it now.</strong>
      </p>
      {made.key !== undefined && <CodeBlock label="Key" code={made.key} />}
      {made.secret !== undefined && (
        <CodeBlock
          label="AWS key pair"
          code={`AWS_ACCESS_KEY_ID=${made.id}\nAWS_SECRET_ACCESS_KEY=${made.secret}`}
        />
      )}
      <div className="actions">
        <Button onClick={onDone}>I have kept it</Button>
      </div>
    </div>
  )
}

function KeyTable({
  keys,
  onRevoke,
}: {
  readonly keys: readonly Key[]
  readonly onRevoke: (key: Key) => void
}) {
  const sorted = keys.toSorted((a, b) => Number(a.revoked !== null) - Number(b.revoked !== null))
  return (
    <Table
      caption="Keys"
      rows={sorted}
      rowKey={({ id }) => id}
      empty={<p className="muted">There are no keys.</p>}
      columns={[
        { id: 'user', title: 'User', isHeading: true, cell: ({ user }) => user },
        { id: 'id', title: 'Id', cell: ({ id }) => <code>{id}</code> },
        {
          id: 'kind',
          title: 'Kind',
          cell: ({ kind }) => (kind === 'aws' ? 'AWS key pair' : 'API key'),
        },
        {
          id: 'allow',
          title: 'May',
          cell: ({ allow }) => (allow.includes('*') ? 'everything' : allow.join(', ')),
        },
        { id: 'created', title: 'Made', cell: ({ created }) => <RelativeTime time={created} /> },
        {
          id: 'state',
          title: 'State',
          cell: ({ revoked, expires }) =>
            revoked !== null ? (
              <>
                <Badge>revoked</Badge> <RelativeTime time={revoked} />
              </>
            ) : expires === null ? (
              'active'
            ) : (
              <>
                until <RelativeTime time={expires} />
              </>
            ),
        },
        {
          id: 'revoke',
          title: <span className="unseen">Revoke</span>,
          cell: (key) =>
            key.revoked === null && (
              <Button
                look="quiet"
                aria-label={`Revoke the key of ${key.user}, ${key.id}`}
                onClick={() => onRevoke(key)}
              >
                Revoke
              </Button>
            ),
        },
      ]}
    />
  )
}

function MakeKey({
  isOpen,
  onClose,
  onMade,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onMade: (made: MadeKey) => void
}) {
  const [user, setUser] = useState('')
  const [kind, setKind] = useState<'bearer' | 'aws'>('bearer')
  const [allow, setAllow] = useState<readonly string[]>(['invoke'])
  const [models, setModels] = useState('')
  const create = useChange('createKey', ['listKeys', 'listAudit'])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const patterns = allow.flatMap((name) =>
      name === 'invoke' && models.trim() !== ''
        ? models.split(',').map((model) => `invoke:${model.trim()}`)
        : [name],
    )
    // A pair signs requests of AWS's clients, whose actions have names of their own.
    const further =
      kind === 'aws'
        ? allow.flatMap((name) =>
            name === 'admin' || name === 'invoke' ? [] : [`bedrock-${name}`, `s3-${name}`],
          )
        : []
    create.mutate(
      { body: { user: user.trim(), kind, allow: [...patterns, ...further] } },
      {
        onSuccess: (made) => {
          setUser('')
          onMade(made)
        },
      },
    )
  }
  const wrongName = user.trim() !== '' && !/^[\w+=,.@-]{1,64}$/.test(user.trim())
  return (
    <Dialog
      open={isOpen}
      onClose={onClose}
      title="Make a key"
      actions={
        <Button
          type="submit"
          form="make-key"
          look="primary"
          disabled={user.trim() === '' || wrongName || allow.length === 0}
          busy={create.isPending ? 'Making …' : undefined}
        >
          Make the key
        </Button>
      }
    >
      <form id="make-key" className="stack" onSubmit={submit}>
        <TextField
          label="Who it is for"
          value={user}
          maxLength={64}
          error={wrongName ? 'letters, digits and + = , . @ - _' : undefined}
          help="A person or a program; the audit log names its key."
          onChange={({ target }) => setUser(target.value)}
        />
        <Select
          label="Kind"
          value={kind}
          options={[
            { value: 'bearer', label: 'API key: for openai, anthropic, curl and this page' },
            { value: 'aws', label: 'AWS key pair: for boto3 and the aws command' },
          ]}
          onChange={(next) => setKind(next === 'aws' ? 'aws' : 'bearer')}
        />
        <fieldset className="stack plain">
          <legend>It may</legend>
          {permissions.map(({ name, about }) => (
            <Checkbox
              key={name}
              label={
                <>
                  <code>{name}</code> {about}
                </>
              }
              checked={allow.includes(name)}
              onChange={(checked) =>
                setAllow(checked ? [...allow, name] : allow.filter((each) => each !== name))
              }
            />
          ))}
        </fieldset>
        {allow.includes('invoke') && (
          <TextField
            label="Only these models"
            placeholder="all"
            value={models}
            help="Names with commas between them. A star stands for any text: claims*"
            onChange={({ target }) => setModels(target.value)}
          />
        )}
        {create.error !== null && <ErrorNote error={create.error} />}
      </form>
    </Dialog>
  )
}

function RevokeKey({
  subject,
  onClose,
}: {
  readonly subject: Key | undefined
  readonly onClose: () => void
}) {
  const revoke = useChange('revokeKey', ['listKeys', 'listAudit'])
  return (
    <Dialog
      open={subject !== undefined}
      onClose={onClose}
      title={`Revoke the key of ${subject?.user ?? ''}`}
      closeLabel="Keep it"
      actions={
        <Button
          look="danger"
          busy={revoke.isPending ? 'Revoking …' : undefined}
          onClick={() =>
            subject !== undefined && revoke.mutate({ path: { id: subject.id } }, { onSuccess: onClose })
          }
        >
          Revoke
        </Button>
      }
    >
      <p>
        What uses <code>{subject?.id}</code> is refused from now on. This cannot be undone; a new key can be
        made.
      </p>
      {revoke.error !== null && <ErrorNote error={revoke.error} />}
    </Dialog>
  )
}
