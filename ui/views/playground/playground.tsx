import { useState } from 'react'
import type { Message } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Select, TextArea } from '../../kit/fields.tsx'
import { Page } from '../../kit/page.tsx'
import { Disclosure, EmptyState } from '../../kit/texts.tsx'
import { useSearchParam } from '../../router/use-search-param.ts'
import { RequestCode } from '../../request/request-code.tsx'
import { AddToDataset } from './add-to-dataset.tsx'
import { ModelAnswer } from './model-answer.tsx'
import { Parameters, useParameters } from './parameters.tsx'
import { useConversation } from './use-conversation.ts'
import './playground.css'

const mostModels = 6

/** Models side by side on one prompt. Models and parameters are in the address. Fetches `listModels`, `chat`. */
export default function Playground() {
  const query = useApi('listModels', {})
  return (
    <Page title="Playground" isWide>
      <Fetched query={query} what="the models">
        {({ models }) => {
          const names = models.flatMap(({ id, kind }) => (kind === 'base' || kind === 'tuned' ? [id] : []))
          return names.length === 0 ? (
            <EmptyState
              title="There is no model to ask yet."
              action={<ButtonLink href="/models">Fetch a base</ButtonLink>}
            />
          ) : (
            <Desk names={names} prompt={promptOf(models)} />
          )
        }}
      </Fetched>
    </Page>
  )
}

/** What the newest tuned model was trained with. */
const promptOf = (
  models: readonly { readonly kind: string; readonly systemPrompt?: string | null }[],
): string => models.find(({ kind }) => kind === 'tuned')?.systemPrompt ?? ''

function Desk({ names, prompt }: { readonly names: readonly string[]; readonly prompt: string }) {
  const [listed, setListed] = useSearchParam('models', [...new Set([names[0], names.at(-1)])].join(','))
  const models = listed.split(',').filter((name) => names.includes(name))
  const { settings, withProbabilities } = useParameters()
  const [adding, setAdding] = useState<string>()
  const conversation = useConversation(prompt)
  const { system, setSystem, user, setUser, asked, turns, answers, isAsking, stop, messagesFor } =
    conversation
  const isReady = models.length > 0 && user.trim() !== '' && !isAsking
  const send = (): void =>
    conversation.send(models, { ...settings, ...(withProbabilities ? { likeliestTokens: 5 } : {}) })
  const [first] = models
  return (
    <div className="playground">
      <div className="desk">
        <TextArea
          label="System prompt"
          rows={3}
          value={system}
          placeholder="none"
          onChange={({ target }) => setSystem(target.value)}
        />
        {turns.length > 0 && (
          <ol className="turns" aria-label="Turns so far">
            {turns.map((turn, at) => (
              <li key={at}>
                <span className="muted">user</span>
                <p className="plain-text" dir="auto">
                  {turn.user}
                </p>
              </li>
            ))}
          </ol>
        )}
        <TextArea
          label="User"
          rows={5}
          value={user}
          help="Ctrl + Enter asks, too."
          onChange={({ target }) => setUser(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && isReady) send()
          }}
        />
        <div className="actions">
          {isAsking ? (
            <Button onClick={() => stop()}>Stop all</Button>
          ) : (
            <>
              <Button look="primary" disabled={!isReady} onClick={send}>
                Ask {models.length === 1 ? 'the model' : `${models.length} models`}
              </Button>
              {asked !== undefined && <Button onClick={conversation.goOn}>Go on from these answers</Button>}
              {(asked !== undefined || turns.length > 0) && (
                <Button look="quiet" onClick={conversation.beginAnew}>
                  Begin anew
                </Button>
              )}
            </>
          )}
        </div>
        <Disclosure summary="Parameters" open>
          <Parameters />
        </Disclosure>
        {first !== undefined && (
          <Disclosure summary="The request as code">
            <Code
              model={first}
              messages={messagesFor(first, user.trim() === '' ? 'Hello' : user)}
              settings={settings}
            />
          </Disclosure>
        )}
      </div>
      <div className="model-answers">
        {models.map((model, at) => (
          <ModelAnswer
            key={model}
            model={model}
            names={names.filter((name) => name === model || !models.includes(name))}
            answer={answers[model]}
            turns={turns.map(({ user: said, said: all }) => ({ user: said, answer: all[model] ?? '' }))}
            onChange={(next) =>
              setListed(models.map((name, other) => (other === at ? next : name)).join(','))
            }
            onRemove={
              models.length === 1
                ? undefined
                : () => setListed(models.filter((name) => name !== model).join(','))
            }
            onStop={() => stop(model)}
            onAdd={() => setAdding(model)}
          />
        ))}
        {models.length < Math.min(mostModels, names.length) && (
          <div className="narrow">
            <Select
              label="Add a model"
              value=""
              options={[
                { value: '', label: 'choose one' },
                ...names
                  .filter((name) => !models.includes(name))
                  .map((name) => ({ value: name, label: name })),
              ]}
              onChange={(next) => next !== '' && setListed([...models, next].join(','))}
            />
          </div>
        )}
      </div>
      {adding !== undefined && (
        <AddToDataset
          messages={messagesFor(adding, asked ?? user)}
          answer={answers[adding]?.text ?? ''}
          onClose={() => setAdding(undefined)}
        />
      )}
    </div>
  )
}

function Code({
  model,
  messages,
  settings,
}: {
  readonly model: string
  readonly messages: readonly Message[]
  readonly settings: object
}) {
  const { data } = useApi('getModel', { path: { id: model } })
  const bedrockId = data?.uses.find(({ api, id }) => api === 'bedrock' && id !== null)?.id ?? undefined
  const plain = messages.flatMap(({ role, content }) => (role === 'tool' ? [] : [{ role, content }]))
  return <RequestCode request={{ model, bedrockId, messages: plain, ...settings }} />
}
