import type { ReactNode } from 'react'
import type { Example } from '../../../api/client.ts'
import { formatCount, formatNumber } from '../../../kit/format.ts'
import { PlainText } from '../../../kit/plain-text.tsx'
import { Badge, Disclosure } from '../../../kit/texts.tsx'

const roles: Readonly<Record<string, string>> = {
  system: 'System',
  developer: 'Developer',
  user: 'User',
  assistant: 'Answer',
  tool: 'Tool',
}

/** An example as the conversation it is; which answers are learned is said where it is not all of them. */
export function Conversation({
  example,
  heading,
}: {
  readonly example: Example
  readonly heading?: ReactNode
}) {
  const { messages, learned, rejected, tools = [], label, weight, metadata } = example
  const answers = messages.flatMap(({ role }, at) => (role === 'assistant' ? [at] : []))
  const isLearned = (at: number): boolean => learned?.[answers.indexOf(at)] ?? true
  return (
    <section className="conversation">
      {heading !== undefined && <h3>{heading}</h3>}
      {tools.length > 0 && (
        <Disclosure summary={`${formatCount(tools.length)} tools`}>
          <PlainText text={JSON.stringify(tools, null, 2)} />
        </Disclosure>
      )}
      {messages.map((message, at) => {
        const { role, content, name, parts = [] } = message
        const { toolCalls } = message as { readonly toolCalls?: readonly unknown[] }
        const isAnswer = role === 'assistant'
        return (
          <div key={at} className="message" data-role={role}>
            <p className="message-role">
              {roles[role] ?? role}
              {name === undefined ? '' : ` (${name})`}
              {isAnswer && !isLearned(at) && <Badge>not learned</Badge>}
            </p>
            <div className="message-text">
              {content === '' && toolCalls === undefined ? (
                <p className="muted">empty</p>
              ) : (
                <PlainText text={content} />
              )}
              {parts.map((part, place) =>
                part.type === 'media' ? (
                  <p key={place} className="muted">
                    {part.mediaType}: {part.uri.slice(0, 100)}
                  </p>
                ) : null,
              )}
              {toolCalls !== undefined && <PlainText text={JSON.stringify(toolCalls, null, 2)} />}
            </div>
          </div>
        )
      })}
      {rejected !== undefined && (
        <div className="message" data-role="rejected">
          <p className="message-role">Rejected</p>
          <div className="message-text">
            <PlainText text={rejected} />
          </div>
        </div>
      )}
      {(label !== undefined || weight !== undefined || metadata !== undefined) && (
        <div className="message" data-role="about">
          <p className="message-role">About it</p>
          <div className="message-text">
            {label !== undefined && <PlainText text={`label ${label}`} />}
            {weight !== undefined && <PlainText text={`weight ${formatNumber(weight)}`} />}
            {Object.entries(metadata ?? {}).map(([key, value]) => (
              <PlainText
                key={key}
                text={`${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`}
              />
            ))}
          </div>
        </div>
      )}
    </section>
  )
}
