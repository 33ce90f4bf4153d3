import { lines } from '../../claims-router/grammar/lines.mjs'

const words = (source) => source.split(';').map((word) => word.trim())

export const vegetables = words(
  'leeks; carrots; courgettes; runner beans; kale; beetroot; parsnips; early potatoes; onions; chard; radishes; cherry tomatoes; cucumbers; broad beans; celeriac; pumpkins; rocket; sprouts; spinach; fennel; peas; salsify; kohlrabi; chillies; strawberries; aubergines; shallots; turnips',
)
export const names = words(
  'Hanne; Mossbank; T_Orla; Gerrit; plot22; Wilma; Osk; Beanpole; Fritha; marrowman; Ilse; Dorrit; old_spade; Quentin; Sefa; Barney; radish_rex; Tove; Lumi; Anselm; Perle; greenfinger7; Jory; Maude',
)
export const towns = words(
  'Welby; Oxmoor; Tarnford; Lenzing Vale; Brackwater; Holmhurst; Nieder Elm; Pickering Cross; Saltby; Varnholt',
)
export const hosts = words(
  'best-deal; grow-smart; easy-cash; plot-shop; topsale24; vita-club; greenbuy; luckyspin; my-offers; farm-direct; click-win; seedbox; gogo-mart; profit-now; dailycoupon; leafy',
)

/** What members add whatever they write about: it never changes the label. */
export const asides = lines(`
{Greetings|Regards} from {rainy|sunny} <town>.
{First post|My first post} {here|in this forum}, {hello all|be gentle}.
{Sorry|Excuse me} if {this was asked before|I picked the wrong board}.
{Typing|Writing} on {the phone|a tiny screen}, {so short|forgive mistakes}.
{Rain|It rains} {since Tuesday|without end} {here|in <town>}.
{Off to|Now back to} {the shed|the allotment}.
{Kettle is on|Tea first}.
{As I said|I said it} {last week|in the spring thread}.
{Been|I have been} {a member|around} {since 2014|for ages}.
{Edit|Edited}: {typo|spelling}.
{My knees|My back} {say|says} {enough for today|hello}.
{Photo|A picture} {follows|tomorrow}{, camera is flat|}.
{Bees|The bees} {are flying|woke up} {already|at last}.
{What do you think|Opinions}?
{Good evening|Morning} {everyone|from plot 31}.
{Second year|Third season} {on this plot|with my patch}.
{Just|Only} {my two cents|what I think}.
{Have|Wish you} a {nice|quiet} {weekend|evening}.
{Can't|Cannot} {sleep|dig} {with this heat|till the ground thaws}.
{The gate|Our gate code} {sticks|was changed} {again|, ask at the office}.
`)
