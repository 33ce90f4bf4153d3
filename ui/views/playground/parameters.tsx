import { Checkbox, TextField } from '../../kit/fields.tsx'
import { useSearch } from '../../router/location.ts'
import { useSearchParam } from '../../router/use-search-param.ts'

interface NumberParameter {
  /** In a request. */
  readonly name: 'maxTokens' | 'temperature' | 'topP' | 'topK' | 'seed'
  /** In the address. */
  readonly param: string
  readonly label: string
  /** What is asked for where nobody chose; without it the server's default, which `placeholder` tells. */
  readonly usual?: string
  readonly placeholder?: string
  readonly min: number
  readonly max?: number
  readonly step?: number
}

const parameters: readonly NumberParameter[] = [
  { name: 'maxTokens', param: 'tokens', label: 'Most tokens', usual: '256', min: 1 },
  {
    name: 'temperature',
    param: 'temperature',
    label: 'Temperature',
    usual: '0',
    min: 0,
    max: 10,
    step: 0.1,
  },
  { name: 'topP', param: 'topP', label: 'Top p', placeholder: '1', min: 0, max: 1, step: 0.05 },
  { name: 'topK', param: 'topK', label: 'Top k', placeholder: 'all', min: 0 },
  { name: 'seed', param: 'seed', label: 'Seed', placeholder: '0', min: 0 },
]

const probabilities = 'probabilities'

/** What the address says of how answers are drawn. */
export function useParameters(): {
  readonly settings: { readonly [Name in NumberParameter['name']]?: number }
  /** Of each token, with those that were likely. */
  readonly withProbabilities: boolean
} {
  const search = new URLSearchParams(useSearch())
  const settings = Object.fromEntries(
    parameters.flatMap(({ name, param, usual = '' }) => {
      const text = search.get(param) ?? usual
      const value = Number(text)
      return text.trim() === '' || !Number.isFinite(value) ? [] : [[name, value] as const]
    }),
  )
  return { settings, withProbabilities: search.get(probabilities) === 'yes' }
}

export function Parameters() {
  const [withProbabilities, setProbabilities] = useSearchParam(probabilities, 'no')
  return (
    <>
      <div className="parameters">
        {parameters.map((parameter) => (
          <NumberField key={parameter.name} parameter={parameter} />
        ))}
      </div>
      <Checkbox
        label="Token probabilities"
        help="Of the next answers, with five likely tokens at each place."
        checked={withProbabilities === 'yes'}
        onChange={(checked) => setProbabilities(checked ? 'yes' : 'no')}
      />
    </>
  )
}

function NumberField({
  parameter: { param, label, usual, placeholder, min, max, step },
}: {
  readonly parameter: NumberParameter
}) {
  const [value, setValue] = useSearchParam(param, usual)
  return (
    <TextField
      label={label}
      type="number"
      min={min}
      max={max}
      step={step}
      placeholder={placeholder}
      value={value}
      onChange={({ target }) => setValue(target.value)}
    />
  )
}
