import type { Job, JobSamples as Samples } from '../../api/client.ts'
import { useWork } from '../../api/steps.ts'
import { Button } from '../../kit/button.tsx'
import { Working } from '../../kit/steps.tsx'
import { Badge, Disclosure, ErrorNote } from '../../kit/texts.tsx'

/** What the base, the models of the epochs and the tuned model answer, asked when the visitor wants it. Fetches `getJobSamples`. */
export function JobSamples({ job }: { readonly job: Job }) {
  const work = useWork('getJobSamples')
  const ask = (): void => work.mutate({ path: { id: job.id }, body: { samples: 5 } })
  return (
    <>
      <p className="muted">
        The base, the models of finished epochs and the tuned model answer the same five held-out examples,
        each with its likeliest words. Five show what changed, not how much: that is for an evaluation.
      </p>
      {work.isPending && <Working label="Asking the models" progress={work.progress} onStop={work.stop} />}
      {work.error !== null && <ErrorNote error={work.error} onRetry={ask} />}
      {work.data !== undefined && <Answers samples={work.data} />}
      <div className="actions">
        <Button onClick={ask} busy={work.isPending ? 'Asking …' : undefined}>
          {work.data === undefined ? 'Ask the models' : 'Ask again'}
        </Button>
      </div>
    </>
  )
}

function Answers({ samples: { models, samples } }: { readonly samples: Samples }) {
  return (
    <div className="sample-answers">
      {samples.map(({ id, split, messages, expected, answers }) => (
        <article key={id} aria-label={`Example ${id}`}>
          <Disclosure summary={`Example ${id}, of the ${split} part`} open>
            {messages.map(({ role, content }, at) => (
              <div key={at}>
                <p className="muted">{role}</p>
                <p className="said">{content}</p>
              </div>
            ))}
          </Disclosure>
          <div className="table-frame" role="region" aria-label={`Answers to ${id}`} tabIndex={0}>
            <table>
              <tbody>
                <tr>
                  <th scope="row">Expected</th>
                  <td className="said">{expected}</td>
                  <td />
                </tr>
                {models.map((model, at) => (
                  <tr key={model}>
                    <th scope="row">{model}</th>
                    <td className="said">{answers[at] ?? ''}</td>
                    <td>
                      {answers[at]?.trim() === expected.trim() ? (
                        <Badge tone="good">the same</Badge>
                      ) : (
                        <Badge>differs</Badge>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </article>
      ))}
    </div>
  )
}
