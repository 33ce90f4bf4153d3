import { StrictMode, useCallback, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from '../../api/api-error.ts'
import '../../style/tokens.css'
import '../../style/base.css'
import '../../style/frame.css'
import '../../style/kit.css'
import { Button, ButtonLink } from '../button.tsx'
import { Chart } from '../chart.tsx'
import { Dialog } from '../dialog.tsx'
import { Checkbox, Select, TextArea, TextField } from '../fields.tsx'
import { formatCount } from '../format.ts'
import { Page, Section } from '../page.tsx'
import { Table } from '../table.tsx'
import { Tabs } from '../tabs.tsx'
import {
  Badge,
  CodeBlock,
  ConnectionNote,
  Disclosure,
  EmptyState,
  ErrorNote,
  KeyValues,
  Loading,
  Progress,
  RelativeTime,
} from '../texts.tsx'
import { VirtualTable } from '../virtual-table.tsx'

const steps = Array.from({ length: 200 }, (_, at) => at + 1)
const states = ['queued', 'running', 'paused', 'succeeded', 'failed', 'stopped', 'not promoted']

/** Every part of the kit once, for tests of it and to look at. */
function Specimen() {
  const [isOpen, setOpen] = useState(false)
  const [unit, setUnit] = useState('a')
  const [isChecked, setChecked] = useState(false)
  const [range, setRange] = useState('')
  const [opened, setOpened] = useState('')
  const onRange = useCallback((first: number, last: number) => setRange(`${first} to ${last}`), [])
  return (
    <main>
      <Page title="Specimen" trail="Kit" actions={<Button look="primary">Start training</Button>}>
        <Section title="Buttons and fields">
          <div className="actions">
            <Button onClick={() => setOpen(true)}>Remove the model</Button>
            <Button look="danger">Remove</Button>
            <Button look="quiet">Show all</Button>
            <Button disabled>Disabled</Button>
            <Button busy="Starting …">Start</Button>
            <ButtonLink href="/elsewhere">Open the job</ButtonLink>
          </div>
          <TextField
            label="Learning rate"
            help="Between 0.00001 and 0.01."
            error="12 is above 0.01."
            defaultValue="12"
          />
          <TextArea label="System prompt" />
          <Select
            label="Base"
            value={unit}
            onChange={setUnit}
            options={[
              { value: 'a', label: 'smollm2-135m-instruct' },
              { value: 'b', label: 'qwen2.5-1.5b' },
            ]}
          />
          <Checkbox
            label="Keep every epoch"
            help="Each takes 20 MB."
            checked={isChecked}
            onChange={setChecked}
          />
          <Dialog
            open={isOpen}
            onClose={() => setOpen(false)}
            title="Remove claims-router-1?"
            actions={<Button look="danger">Remove</Button>}
          >
            <p>Two evaluations were made with it.</p>
          </Dialog>
        </Section>
        <Section title="Texts">
          <p className="actions">
            {states.map((state) => (
              <Badge key={state}>{state}</Badge>
            ))}
            <RelativeTime time={Date.now() - 180_000} />
          </p>
          <Progress label="Training" value={0.2} words="step 120 of 600, 20 min left" />
          <Progress label="Importing" words="1,204 records" />
          <Loading what="the jobs" />
          <KeyValues items={[['Base', 'smollm2-135m-instruct']]} />
          <ConnectionNote isLost />
          <CodeBlock label="As a command" code={`hone train --data ${'long/'.repeat(60)}data.jsonl`} />
          <ErrorNote
            error={
              new ApiError(404, {
                code: 'E_NOT_FOUND',
                message: 'there is no job "x"',
                at: { line: 17, pointer: '/messages/0/role' },
                hint: 'see them: GET /api/jobs',
              })
            }
            onRetry={() => undefined}
          />
          <Disclosure summary="More">
            <p>It is here.</p>
          </Disclosure>
          <EmptyState title="There are no jobs yet." action={<Button>Start one</Button>}>
            A job is one training run.
          </EmptyState>
        </Section>
        <Section title="Tables and charts">
          <Tabs
            label="Parts"
            tabs={[
              { id: 'one', label: 'One', content: <p>The first</p> },
              { id: 'two', label: 'Two', content: <p>The second</p> },
            ]}
          />
          <Table
            caption="Candidates"
            rows={['base', 'tuned']}
            rowKey={(row) => row}
            columns={[
              { id: 'name', title: 'Candidate', isHeading: true, cell: (row) => row },
              {
                id: 'score',
                title: 'Accuracy',
                isNumber: true,
                cell: (row) => formatCount(row.length * 1000),
              },
            ]}
          />
          <p>
            Seen: {range}. Opened: {opened}.
          </p>
          <VirtualTable
            caption="Examples"
            count={1_000_000}
            row={(index) => (index % 7 === 3 ? undefined : { text: `example ${index} <script>` })}
            onRange={onRange}
            onOpen={({ text }) => setOpened(text)}
            height={300}
            columns={[
              {
                id: 'at',
                title: 'Row',
                width: '6rem',
                isNumber: true,
                cell: (_, index) => formatCount(index + 1),
              },
              { id: 'text', title: 'Text', width: 'minmax(0, 1fr)', cell: ({ text }) => text },
            ]}
          />
          <Chart
            title="Loss"
            xLabel="step"
            x={steps}
            series={[
              { label: 'training', values: steps.map((step) => 2 / step), look: 'faint' },
              { label: 'smoothed', values: steps.map((step) => 2.1 / step) },
              {
                label: 'validation',
                values: steps.map((step) => (step % 20 === 0 ? 2.4 / step : null)),
                look: 'dots',
              },
            ]}
            markers={[{ x: 160, label: 'best' }]}
          />
        </Section>
      </Page>
    </main>
  )
}

const root = document.querySelector('#root')
if (root === null) throw new Error('specimen.html has no #root')
createRoot(root).render(
  <StrictMode>
    <Specimen />
  </StrictMode>,
)
