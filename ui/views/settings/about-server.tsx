import type { Settings } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { counted } from '../../kit/counted.ts'
import { Fetched } from '../../kit/fetched.tsx'
import { formatBytes, formatCount, formatDuration } from '../../kit/format.ts'
import { Section } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { Disclosure, KeyValues } from '../../kit/texts.tsx'

/** What this server is, what it serves, and where its settings come from. Fetches `getSettings`. */
export function AboutServer() {
  return (
    <Fetched query={useApi('getSettings', {})} what="the settings">
      {(settings) => <About settings={settings} />}
    </Fetched>
  )
}

const serviceNames: Readonly<Record<string, string>> = {
  bedrock: 'Amazon Bedrock',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
}

function About({ settings }: { readonly settings: Settings }) {
  const { serving, modelMap } = settings
  const standIns = new Map<string, Settings['modelMap'][number][]>()
  for (const entry of modelMap) {
    const place = `${entry.service} ${entry.localBase}`
    standIns.set(place, [...(standIns.get(place) ?? []), entry])
  }
  return (
    <>
      <KeyValues
        items={[
          ['Version', `Hone ${settings.hone}`],
          ['Home', <code key="home">{settings.home}</code>],
          [
            'Settings',
            settings.configFile === null ? (
              'defaults; a hone.server.yaml in the home changes them at the next start'
            ) : (
              <code key="file">{settings.configFile}</code>
            ),
          ],
          ['Reached by', settings.isLocal ? 'this machine only' : 'other machines'],
          ['Account', settings.account],
          ['Training workers', formatCount(settings.trainingWorkers)],
          [
            'Retired bases',
            settings.lifecycle === 'today' ? 'cannot be tuned, as at their service today' : 'can be tuned',
          ],
        ]}
      />
      <Section title="Limits">
        <KeyValues
          items={[
            ['Models in memory', formatCount(serving.models)],
            [
              'Memory for models',
              serving.memory === null ? 'half of this machine’s' : formatBytes(serving.memory * 2 ** 20),
            ],
            ['Requests that may wait for a base', formatCount(serving.waiting)],
            ['Connections', formatCount(serving.connections)],
            ['Time to finish when it stops', formatDuration(serving.drain * 1000)],
          ]}
        />
      </Section>
      <Section title="Model map">
        <p className="muted">
          Programs that ask for these bases of a service get the local base beside them. It is a stand-in, not
          that model.
        </p>
        <Table
          caption="Which local base stands in for which base of a service"
          rows={[...standIns.values()]}
          rowKey={([{ service, localBase } = {}]) => `${service} ${localBase}`}
          columns={[
            {
              id: 'service',
              title: 'Service',
              isHeading: true,
              cell: ([first]) => serviceNames[first?.service ?? ''] ?? first?.service,
            },
            {
              id: 'identifiers',
              title: 'Asked for',
              cell: (same) => (
                <Disclosure summary={counted(same.length, 'base')}>
                  <ul className="plain-rows">
                    {same.map(({ identifier }) => (
                      <li key={identifier}>
                        <code>{identifier}</code>
                      </li>
                    ))}
                  </ul>
                </Disclosure>
              ),
            },
            { id: 'base', title: 'Answered by', cell: ([first]) => <code>{first?.localBase}</code> },
          ]}
        />
      </Section>
    </>
  )
}
