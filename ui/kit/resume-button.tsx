import { useChange } from '../api/query.ts'
import { Button } from './button.tsx'
import { ErrorNote } from './texts.tsx'

/** Goes on with a job that is paused or was interrupted. */
export function ResumeButton({
  id,
  look = 'primary',
}: {
  readonly id: string
  readonly look?: 'primary' | 'quiet'
}) {
  const resume = useChange('resumeJob', ['getState', 'listJobs', 'getJob'])
  return (
    <>
      {resume.error !== null && <ErrorNote error={resume.error} />}
      <Button
        look={look}
        busy={resume.isPending ? 'Resuming …' : undefined}
        onClick={() => resume.mutate({ path: { id } })}
      >
        Resume
      </Button>
    </>
  )
}
