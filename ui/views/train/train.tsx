import { useEffect } from 'react'
import { useApi } from '../../api/query.ts'
import type { DatasetList, ModelList, TrainableBases } from '../../api/client.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { EmptyState } from '../../kit/texts.tsx'
import { useSearch } from '../../router/location.ts'
import { setSearchParams } from '../../router/use-search-param.ts'
import { TakeSample } from '../../kit/take-sample.tsx'
import { BaseChoice } from './base-choice.tsx'
import { DatasetChoice, newestOf, versionsOf } from './dataset-choice.tsx'
import { PlanPanel } from './plan-panel.tsx'
import { SettingFields } from './setting-fields.tsx'
import { SplitOffer } from './split-offer.tsx'
import { readChoice, toRequest } from './train-choice.ts'
import { usePlan } from './use-plan.ts'
import './train.css'

/** From a dataset to a job. Fetches `getTrainable`, `listDatasets`, `listModels`, and the plan of what is chosen. */
export default function Train() {
  const trainable = useApi('getTrainable', {})
  const datasets = useApi('listDatasets', {})
  const models = useApi('listModels', {})
  return (
    <Page title="Train a model">
      <Fetched query={datasets} what="the datasets">
        {(list) => (
          <Fetched query={trainable} what="what can be trained">
            {(choices) =>
              list.datasets.length === 0 ? (
                <NoDataset />
              ) : (
                <Choose list={list} choices={choices} models={models.data} />
              )
            }
          </Fetched>
        )}
      </Fetched>
    </Page>
  )
}

function NoDataset() {
  return (
    <EmptyState
      title="There is no dataset to train on yet."
      action={
        <div className="actions">
          <TakeSample look="primary" />
          <ButtonLink href="/datasets">Add a file of yours</ButtonLink>
        </div>
      }
    >
      A model learns from examples: conversations with the answers that you want. The sample has 640 messages
      of an insurance claims desk.
    </EmptyState>
  )
}

function Choose({
  list,
  choices,
  models,
}: {
  readonly list: DatasetList
  readonly choices: TrainableBases
  readonly models: ModelList | undefined
}) {
  const choice = readChoice(useSearch(), choices.settings)
  const newest = newestOf(list)
  const { dataset } = choice
  useEffect(() => {
    // So that the address says what is planned.
    if (dataset === '' && newest !== undefined) setSearchParams({ dataset: newest.id })
  }, [dataset, newest])
  const base = choice.base === '' ? choices.defaultBase : choice.base
  const { body, problems } = toRequest({ ...choice, base }, choices.settings)
  const chosenBase = choices.bases.find(({ id }) => id === base)
  const isPlannable = dataset !== '' && chosenBase?.isHere !== false && Object.keys(problems).length === 0
  const state = usePlan(body, isPlannable)
  const version = versionsOf(list).find(({ id, name }) => id === dataset || name === dataset)
  const isSplit = version?.parts.some(({ part }) => part === 'validation') === true
  return (
    <div className="train">
      <div className="train-choices">
        <Section title="Dataset">
          <DatasetChoice list={list} chosen={dataset} />
          {version !== undefined && !isSplit && <SplitOffer version={version} />}
        </Section>
        <Section title="Base">
          <BaseChoice choices={choices} models={models} chosen={base} from={choice.from} body={body} />
        </Section>
        <Section title="Settings">
          <SettingFields infos={choices.settings} choice={choice} problems={problems} plan={state.plan} />
        </Section>
      </div>
      <PlanPanel body={body} problems={problems} base={chosenBase} state={state} />
    </div>
  )
}
