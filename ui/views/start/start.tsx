import type { EvaluationList, State } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Page } from '../../kit/page.tsx'
import { FirstSteps } from './first-steps.tsx'
import { Overview } from './overview.tsx'
import './start.css'

/** Milliseconds between two looks while something runs, and while nothing does. */
const often = 2000
const seldom = 10_000

/** What to do first, or how things stand. Fetches `getState`, `listEvaluations` and `listUploads`. */
export default function Start() {
  const state = useApi('getState', {}, { every: often })
  const evaluations = useApi('listEvaluations', { query: { limit: 20 } }, { every: often * 2 })
  const uploads = useApi('listUploads', {}, { every: seldom })
  return (
    <Page title="Start" actions={<Actions state={state.data} />}>
      <Fetched query={state} what="how things stand">
        {(known) => (
          <>
            {isNew(known, evaluations.data) && <FirstSteps state={known} evaluations={evaluations.data} />}
            {!known.isEmpty && (
              <Overview
                state={known}
                evaluations={evaluations.data?.evaluations ?? []}
                uploads={uploads.data?.uploads ?? []}
              />
            )}
          </>
        )}
      </Fetched>
    </Page>
  )
}

/** Whoever has not seen a verdict yet is shown the way to it. */
const isNew = (state: State, list: EvaluationList | undefined): boolean =>
  state.isEmpty || (list !== undefined && !list.evaluations.some((each) => each.state === 'succeeded'))

function Actions({ state }: { readonly state: State | undefined }) {
  if (state === undefined || state.isEmpty) return null
  return (
    <>
      <ButtonLink href="/datasets">Add a dataset</ButtonLink>
      <ButtonLink href="/train">Train a model</ButtonLink>
    </>
  )
}
