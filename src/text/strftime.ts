const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/**
 * Local date and time in the form of C's `strftime` in the C locale, which is what Python answers wherever no locale
 * was set. Directives that are not known stay as they are.
 */
export function strftime(date: Date, format: string): string {
  const day = days[date.getDay()] ?? ''
  const month = months[date.getMonth()] ?? ''
  const hour12 = date.getHours() % 12 === 0 ? 12 : date.getHours() % 12
  const dayOfYear =
    1 +
    (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0)) /
      86_400_000
  const directives: Readonly<Record<string, string>> = {
    a: day.slice(0, 3),
    A: day,
    b: month.slice(0, 3),
    B: month,
    d: pad(date.getDate()),
    e: String(date.getDate()).padStart(2, ' '),
    F: `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`,
    H: pad(date.getHours()),
    I: pad(hour12),
    j: pad(dayOfYear, 3),
    m: pad(date.getMonth() + 1),
    M: pad(date.getMinutes()),
    p: date.getHours() < 12 ? 'AM' : 'PM',
    S: pad(date.getSeconds()),
    T: `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`,
    y: pad(date.getFullYear() % 100),
    Y: String(date.getFullYear()),
    '%': '%',
  }
  return format.replaceAll(/%(-?)([A-Za-z%])/g, (whole, minus: string, name: string) => {
    const text = directives[name]
    return text === undefined ? whole : minus === '' ? text : text.replace(/^[0 ]+(?=.)/, '')
  })
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0')
}
