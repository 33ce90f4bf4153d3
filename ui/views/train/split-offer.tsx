import { useState } from 'react'
import type { DatasetVersion } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { useWork } from '../../api/steps.ts'
import { Button } from '../../kit/button.tsx'
import { TextField } from '../../kit/fields.tsx'
import { Working } from '../../kit/steps.tsx'
import { ErrorNote } from '../../kit/texts.tsx'
import { setSearchParams } from '../../router/use-search-param.ts'
import { findLabelField } from '../../kit/label-field.ts'

const usual = { validation: '10', test: '15', seed: '7' }

/** A share in percent as the API takes it; undefined for what is none. */
function share(percent: string): number | undefined {
  const value = Number(percent) / 100
  return percent.trim() !== '' && value >= 0 && value < 0.9 ? value : undefined
}

/** Nothing is held out yet: offers to do it here. The split is seeded, so that the same one can be made again. */
export function SplitOffer({ version }: { readonly version: DatasetVersion }) {
  const [typed, type] = useState(usual)
  const [label, setLabel] = useState<string>()
  const sample = useApi('listExamples', { path: { id: version.id }, query: { limit: 60 } })
  const work = useWork('splitDataset', ['listDatasets', 'getDataset', 'getState'])
  const answers = (sample.data?.rows ?? []).flatMap(({ example }) => {
    const last = example?.messages.at(-1)
    return last?.role === 'assistant' ? [last.content] : []
  })
  const labelField = label ?? findLabelField(answers) ?? ''
  const validation = share(typed.validation)
  const test = share(typed.test)
  const seed = /^\d{1,9}$/.test(typed.seed.trim()) ? Number(typed.seed) : undefined
  const wrong = 'a share from 0 to below 90 percent'
  const split = (): void => {
    if (validation === undefined || test === undefined || seed === undefined) return
    const body = { validation, test, seed, ...(labelField === '' ? {} : { labelField }) }
    work.mutate(
      { path: { id: version.id }, body },
      { onSuccess: ({ dataset }) => dataset !== null && setSearchParams({ dataset }) },
    )
  }
  return (
    <div className="offer">
      <p>
        <strong>Nothing is held out of this dataset yet.</strong> Without examples that the model never saw,
        nobody can tell whether it got better. Near-duplicates stay on one side, and the test part is sealed:
        each look at it is counted.
      </p>
      <div className="offer-fields">
        <TextField
          label="Validation, percent"
          inputMode="decimal"
          value={typed.validation}
          onChange={({ target }) => type({ ...typed, validation: target.value })}
          error={validation === undefined ? wrong : undefined}
        />
        <TextField
          label="Test, percent"
          inputMode="decimal"
          value={typed.test}
          onChange={({ target }) => type({ ...typed, test: target.value })}
          error={test === undefined ? wrong : undefined}
        />
        <TextField
          label="Seed"
          inputMode="numeric"
          value={typed.seed}
          onChange={({ target }) => type({ ...typed, seed: target.value })}
          error={seed === undefined ? 'a whole number' : undefined}
        />
        <TextField
          label="Label field"
          value={labelField}
          placeholder={sample.isFetching ? 'looking at the answers …' : 'none'}
          onChange={({ target }) => setLabel(target.value)}
          help={
            labelField === '' ? 'The whole answer is the label.' : 'Each part gets its share of each label.'
          }
        />
      </div>
      {work.isPending && (
        <Working label="Splitting the examples" progress={work.progress} onStop={work.stop} />
      )}
      {work.error !== null && <ErrorNote error={work.error} onRetry={split} />}
      <div className="actions">
        <Button
          onClick={split}
          busy={work.isPending ? 'Splitting …' : sample.isLoading ? 'Looking at the answers …' : undefined}
        >
          Split the dataset
        </Button>
      </div>
    </div>
  )
}
