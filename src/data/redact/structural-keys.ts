/** Keys whose values say what a record is made of, and hold nobody's data. */
const structural = new Set([
  'role',
  'type',
  'tool_call_id',
  'toolCallId',
  'toolUseId',
  'tool_use_id',
  'from',
  '$schema',
  'mediaType',
  'media_type',
  'mime_type',
])
const structuralValue = /^[a-z_-]{1,24}$/
const reference = /^(?:call|toolu|tooluse|fc|msg|chatcmpl|file)[-_]/

/** True for a value that must stay as it is: a role, the id that ties a tool's answer to its call, bytes of a picture. */
export function isStructural(key: string, value: string): boolean {
  if (value.startsWith('data:') && value.slice(0, 100).includes(';base64,')) return true
  if (!structural.has(key) && key !== 'id') return false
  return (
    structuralValue.test(value) ||
    reference.test(value) ||
    /^(?:https?:\/\/json-schema|[a-z]+\/[a-z\d.+*-]+$)/.test(value)
  )
}

/** Keys that say what their value is. */
const telling =
  /^(?:ssn|sin|nhs|nino|dni|nie|nir|tfn|bsn|cpf|pesel|aadhaar|medicare|mrn|passport|iban|dob|birth|born|age|phone|tel|telephone|mobile|cell|fax|whatsapp|password|passwd|pwd|secret|token|key|apikey|name|firstname|lastname|fullname|surname|vorname|nachname|geburtsdatum|telefon|patient|record|license|licence|social|steuer|idnr|nombre|nom|apellido|prénom|number)$/i
/** Their second word says what the first one is of: a `tool_name` names no person. */
const notTelling =
  /^(?:file|product|tool|function|model|class|table|column|event|brand|company|field|user|display|host|domain|project|package|service|label|template)[ _-]?name$|^(?:sort|primary|foreign|public|cache)[ _-]?key$|^name$/i

/** A key as words before its value, `date of birth: `, where it tells what that is; else nothing. */
export function keyLead(key: string): string {
  if (key.length > 60 || notTelling.test(key)) return ''
  const words = key
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase()
  return words.split(' ').some((word) => telling.test(word)) ? `${words}: ` : ''
}
