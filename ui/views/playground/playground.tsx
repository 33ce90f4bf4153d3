import { useState } from 'react'
import type { Chat, Message } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Checkbox, Select, TextArea, TextField } from '../../kit/fields.tsx'
import { Page } from '../../kit/page.tsx'
import { Disclosure, EmptyState } from '../../kit/texts.tsx'
import { useSearchParam } from '../../router/use-search-param.ts'
import { RequestCode } from '../../request/request-code.tsx'
import { AddToDataset } from './add-to-dataset.tsx'
import { ModelAnswer } from './model-answer.tsx'
import { answerText } from './answer.ts'
import { useAnswers } from './use-answers.ts'
import './playground.css'

const mostModels = 6

/** Models side by side on one prompt. Models and parameters are in the address. Fetches `listModels`, `chat`. */
export default function Playground() {
  const query = useApi('listModels', {})
  return (
    <Page title="Playground">
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

interface Turn {
  readonly user: string
  /** What each model said to it. */
  readonly said: Readonly<Record<string, string>>
}

function Desk({ names, prompt }: { readonly names: readonly string[]; readonly prompt: string }) {
  const [listed, setListed] = useSearchParam('models', [...new Set([names[0], names.at(-1)])].join(','))
  const models = listed.split(',').filter((name) => names.includes(name))
  const [system, setSystem] = useState(prompt)
  const [user, setUser] = useState('')
  const [asked, setAsked] = useState<string>()
  const [turns, setTurns] = useState<readonly Turn[]>([])
  const [maxTokens, setMaxTokens] = useSearchParam('tokens', '256')
  const [temperature, setTemperature] = useSearchParam('temperature', '0')
  const [topP, setTopP] = useSearchParam('topP')
  const [topK, setTopK] = useSearchParam('topK')
  const [seed, setSeed] = useSearchParam('seed')
  const [withTokens, setWithTokens] = useSearchParam('probabilities', 'no')
  const [adding, setAdding] = useState<string>()
  const { answers, isAsking, ask, stop, clear } = useAnswers()

  const settings = {
    ...numberOf('maxTokens', maxTokens),
    ...numberOf('temperature', temperature),
    ...numberOf('topP', topP),
    ...numberOf('topK', topK),
    ...numberOf('seed', seed),
  }
  const messagesFor = (model: string, before: readonly Turn[], text: string): Message[] => [
    ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...before.flatMap((turn): Message[] => [
      { role: 'user', content: turn.user },
      { role: 'assistant', content: turn.said[model] ?? '' },
    ]),
    { role: 'user', content: text },
  ]
  const send = (before: readonly Turn[], text: string): void => {
    setAsked(text)
    ask(
      models.map((model): Chat => ({
        model,
        messages: messagesFor(model, before, text),
        ...settings,
        ...(withTokens === 'yes' ? { likeliestTokens: 5 } : {}),
      })),
    )
  }
  const goOn = (): void => {
    if (asked === undefined) return
    const said = Object.fromEntries(
      Object.entries(answers).map(([model, { pieces }]) => [model, answerText(pieces)]),
    )
    setTurns([...turns, { user: asked, said }])
    setAsked(undefined)
    setUser('')
    clear()
  }
  const [first] = models
  const isReady = models.length > 0 && user.trim() !== ''
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
          <ol className="conversation" aria-label="Turns so far">
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
          help="Ctrl and Enter ask."
          onChange={({ target }) => setUser(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && isReady && !isAsking)
              send(turns, user)
          }}
        />
        <div className="actions">
          {isAsking ? (
            <Button onClick={() => stop()}>Stop all</Button>
          ) : (
            <Button look="primary" disabled={!isReady} onClick={() => send(turns, user)}>
              Ask {models.length === 1 ? 'the model' : `${models.length} models`}
            </Button>
          )}
          {asked !== undefined && !isAsking && <Button onClick={goOn}>Go on from these answers</Button>}
          {turns.length > 0 && !isAsking && (
            <Button
              look="quiet"
              onClick={() => {
                setTurns([])
                setAsked(undefined)
                clear()
              }}
            >
              Begin anew
            </Button>
          )}
        </div>
        <Disclosure summary="Parameters" open>
          <div className="parameters">
            <TextField
              label="Most tokens"
              type="number"
              min={1}
              value={maxTokens}
              onChange={({ target }) => setMaxTokens(target.value)}
            />
            <TextField
              label="Temperature"
              type="number"
              min={0}
              max={10}
              step={0.1}
              value={temperature}
              onChange={({ target }) => setTemperature(target.value)}
            />
            <TextField
              label="Top p"
              type="number"
              min={0}
              max={1}
              step={0.05}
              placeholder="1"
              value={topP}
              onChange={({ target }) => setTopP(target.value)}
            />
            <TextField
              label="Top k"
              type="number"
              min={0}
              placeholder="all"
              value={topK}
              onChange={({ target }) => setTopK(target.value)}
            />
            <TextField
              label="Seed"
              type="number"
              min={0}
              placeholder="0"
              value={seed}
              onChange={({ target }) => setSeed(target.value)}
            />
          </div>
          <Checkbox
            label="Token probabilities"
            help="Of the next answers, with five likely tokens at each place."
            checked={withTokens === 'yes'}
            onChange={(checked) => setWithTokens(checked ? 'yes' : 'no')}
          />
        </Disclosure>
        {first !== undefined && (
          <Disclosure summary="The request as code">
            <Code
              model={first}
              messages={messagesFor(first, turns, user.trim() === '' ? 'Hello' : user)}
              settings={settings}
            />
          </Disclosure>
        )}
      </div>
      <div className="answers">
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
          messages={messagesFor(adding, turns, asked ?? user)}
          answer={answerText(answers[adding]?.pieces ?? [])}
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

/** Nothing for a field that is empty or holds no number: the server has its own default. */
function numberOf(name: string, text: string): Record<string, number> {
  const value = Number(text)
  return text.trim() === '' || !Number.isFinite(value) ? {} : { [name]: value }
}
