/**
 * Texts of the formats of JSON Schema as patterns. Each is within its definition (RFC 3339, RFC 4122, RFC 2673, RFC 4291,
 * RFC 5321, RFC 1123, RFC 3986) and leaves out what is seldom written, such as quoted local parts of addresses.
 */
export const stringFormats: ReadonlyMap<string, string> = new Map([
  ['date', date()],
  ['time', time()],
  ['date-time', `${date()}T${time()}`],
  ['duration', duration()],
  ['uuid', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'],
  ['email', `[A-Za-z0-9_+-]{1,32}(\\.[A-Za-z0-9_+-]{1,24}){0,3}@${name(1)}`],
  ['hostname', name(0)],
  ['ipv4', `${byte()}(\\.${byte()}){3}`],
  ['ipv6', '[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}'],
  ['uri', `https?://${name(0)}(:[1-9]\\d{1,3})?(/[A-Za-z0-9._~-]{0,64}){0,8}`],
])

function date(): string {
  const days =
    '(0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8])'
  const leapYear = '(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)'
  return `(\\d{4}-(${days})|${leapYear}-02-29)`
}

function time(): string {
  return '([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)'
}

function duration(): string {
  const few = '\\d{1,6}'
  const clock = `T(${few}H(${few}M(${few}S)?)?|${few}M(${few}S)?|${few}S)`
  const day = `(${few}Y(${few}M(${few}D)?)?|${few}M(${few}D)?|${few}D)`
  return `P(${day}(${clock})?|${clock}|${few}W)`
}

function name(least: number): string {
  const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?'
  return `${label}(\\.${label}){${least},4}`
}

function byte(): string {
  return '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
}
