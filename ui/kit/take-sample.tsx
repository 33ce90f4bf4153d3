import { useWork } from '../api/steps.ts'
import { Button } from './button.tsx'
import { Working } from './steps.tsx'
import { ErrorNote } from './texts.tsx'
import { navigate } from '../router/location.ts'

/** Takes in the dataset that comes with Hone, and goes on to training. */
export function TakeSample({ look = 'plain' }: { readonly look?: 'plain' | 'primary' }) {
  const work = useWork('importSample', ['listDatasets', 'getState'])
  const take = (): void =>
    work.mutate({}, { onSuccess: ({ dataset }) => navigate(`/train?dataset=${encodeURIComponent(dataset)}`) })
  return (
    <>
      {work.error !== null && <ErrorNote error={work.error} onRetry={take} />}
      {work.isPending && <Working label="Reading the sample" progress={work.progress} />}
      <Button look={look} onClick={take} busy={work.isPending ? 'Reading the sample …' : undefined}>
        Use the sample dataset
      </Button>
    </>
  )
}
